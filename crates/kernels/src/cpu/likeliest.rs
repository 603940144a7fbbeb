/// Which logit is largest, the first of equals; none where one is not finite. Twin of what `shaders/decode_choose.wgsl`
/// chooses.
pub fn likeliest(logits: &[f32]) -> Option<u32> {
    let mut best = (0, *logits.first()?);
    for (id, logit) in (0..).zip(logits) {
        if !logit.is_finite() {
            return None;
        }
        if *logit > best.1 {
            best = (id, *logit);
        }
    }
    Some(best.0)
}

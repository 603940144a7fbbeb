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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_of_the_largest_is_chosen_and_nothing_beside_what_is_no_number() {
        assert_eq!(likeliest(&[1.0, 3.0, 3.0, -2.0]), Some(1));
        assert_eq!(likeliest(&[-1.0]), Some(0));
        assert_eq!(likeliest(&[]), None);
        assert_eq!(likeliest(&[1.0, f32::NAN]), None);
        assert_eq!(likeliest(&[f32::INFINITY, 1.0]), None);
    }
}

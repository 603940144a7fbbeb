//! Every way of computing against the oracle. "The same" means: under forced decoding the same
//! likeliest token and object wherever the best two are further apart than 0.05.

use crate::common::{
    SMALL, Size, VOCAB, decoder, feeds, forced, gpu, largest_difference, packed, prefix,
};
use lm::convert::Agreement;
use lm::{
    Allowed, Anything, Constraint, Drawing, Emitted, Level, Piece, Processor, Sampling, Scores,
};

/// More rows than a block of any processor, more heads than a vector, an odd number of blocks.
const MEDIUM: Size = Size {
    layers: 3,
    width: 96,
    heads: 8,
    kv_heads: 2,
    head_dim: 16,
    ff: 160,
    context: 300,
    vocab: VOCAB,
};

fn compare(name: &str, reference: &[Scores], other: &[Scores]) {
    let mut agreement = Agreement::default();
    reference.iter().zip(other).for_each(|(a, b)| agreement.compare(a, b));
    println!("{name}: {agreement:?}");
    assert_eq!(agreement.clear_misses, 0, "{name}: {agreement:?}");
    assert!(agreement.share() > 0.95, "{name}: {agreement:?}");
    assert!(agreement.largest_logit_error < 0.01, "{name}: {agreement:?}");
}

#[test]
fn simd_means_the_same_tokens() {
    for (size, seed) in [(&SMALL, 1), (&MEDIUM, 2)] {
        let weights = packed(size, seed);
        let prefix = prefix(size.width, 20, seed);
        let feeds = feeds(60, 20, seed);
        let oracle = forced(&mut decoder(&weights, Processor::CpuPlain, &prefix), &feeds);
        let fast = forced(&mut decoder(&weights, Processor::Cpu, &prefix), &feeds);
        compare("simd", &oracle, &fast);
    }
}

#[test]
fn wgsl_means_the_same_tokens() {
    let Some(gpu) = gpu() else { return };
    for (size, seed) in [(&SMALL, 1), (&MEDIUM, 2)] {
        let weights = packed(size, seed);
        let prefix = prefix(size.width, 20, seed);
        let feeds = feeds(40, 20, seed);
        let oracle = forced(&mut decoder(&weights, Processor::CpuPlain, &prefix), &feeds);
        let mut on_gpu = decoder(&weights, Processor::Gpu(&gpu, Level::of(&gpu)), &prefix);
        let first = forced(&mut on_gpu, &feeds);
        compare("wgsl", &oracle, &first);
        assert_eq!(first, forced(&mut on_gpu, &feeds), "the second time differs from the first");
    }
    assert!(gpu.check().is_ok());
}

/// A question read as one block and token by token is the same question.
#[test]
fn blocks_do_not_show() {
    let weights = packed(&MEDIUM, 4);
    let prefix = prefix(MEDIUM.width, 20, 4);
    let mut oracle = decoder(&weights, Processor::CpuPlain, &prefix);
    let question: String = "where is the table? ".repeat(4);
    pollster::block_on(oracle.ask(&[lm::Piece::Text(&question)])).unwrap();
    let at_once = oracle.scores().unwrap().clone();
    let mut tokens = vec![crate::common::USER];
    tokens.extend(oracle.tokenizer().encode(&question).unwrap());
    tokens.push(crate::common::ASSISTANT);
    assert!(tokens.len() > 40);
    let feeds: Vec<lm::Feed> = tokens.into_iter().map(lm::Feed::Token).collect();
    let one_by_one = forced(&mut oracle, &feeds);
    let last = one_by_one.last().unwrap();
    assert!(largest_difference(&at_once.logits, &last.logits) < 1e-4);
    assert!(largest_difference(&at_once.objects, &last.objects) < 1e-4);
}

/// Lets now and then only an object come, or only a mark: what nobody who runs ahead can know.
struct Varied(usize);

impl Constraint for Varied {
    fn allowed(&self) -> Allowed {
        match self.0 % 7 {
            2 => Allowed { marks: vec![crate::common::COUNT], ..Allowed::default() },
            5 => Allowed { objects: true, excluded: vec![1], ..Allowed::default() },
            _ => Anything.allowed(),
        }
    }

    fn accept(&mut self, _emitted: &Emitted) {
        self.0 += 1;
    }
}

/// What is said after each of these questions, and what was attended to halfway.
fn talk(processor: Processor<'_>, sampling: Sampling, looks: bool) -> (Vec<Emitted>, Vec<f32>) {
    let weights = packed(&MEDIUM, 6);
    let mut decoder = decoder(&weights, processor, &prefix(MEDIUM.width, 20, 6));
    decoder.set_sampling(sampling);
    let (mut said, mut attended) = (Vec::new(), Vec::new());
    pollster::block_on(async {
        for question in ["where is the table?", "and then?", "the"] {
            decoder.follow(&[Piece::Text(question), Piece::Object(3)]).await.unwrap();
            let mut varied = Varied(0);
            for step in 0..30 {
                let emitted = decoder.next(&mut varied).await.unwrap();
                if looks && step % 7 == 3 {
                    attended.extend(decoder.attended().await.unwrap());
                }
                said.push(emitted);
                if said.last() == Some(&Emitted::End) {
                    break;
                }
            }
            decoder.close();
        }
    });
    (said, attended)
}

/// A GPU that reads on by itself says what one that is asked for every token would, and what the CPU does.
#[test]
fn running_ahead_does_not_show() {
    let Some(gpu) = gpu() else { return };
    let (said, attended) = talk(Processor::CpuPlain, Sampling::Greedy, true);
    let objects = said.iter().filter(|emitted| matches!(emitted, Emitted::Object { .. })).count();
    assert!(said.len() > 40 && objects > 0, "{objects} objects in {said:?}");
    let on_gpu = talk(Processor::Gpu(&gpu, Level::of(&gpu)), Sampling::Greedy, true);
    assert_eq!(said, on_gpu.0);
    assert!(largest_difference(&attended, &on_gpu.1) < 1e-4);
    assert_eq!(said, talk(Processor::Gpu(&gpu, Level::of(&gpu)), Sampling::Greedy, false).0);
    let drawn = Sampling::Drawn(Drawing { temperature: 0.7, ..Drawing::default() });
    let (by_chance, _) = talk(Processor::CpuPlain, drawn, false);
    assert_ne!(said, by_chance);
    assert_eq!(by_chance, talk(Processor::Gpu(&gpu, Level::of(&gpu)), drawn, false).0);
}

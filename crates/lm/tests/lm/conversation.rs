//! Asking, answering, constraints, stopping, and what is refused.

use crate::common::{COUNT, END, OBJECT, SMALL, TEXT_VOCAB, decoder, packed, prefill, prefix};
use lm::{
    Allowed, Anything, Constraint, Decoder, Drawing, Emitted, Error, Feed, Piece, Processor,
    Sampling,
};
use pollster::block_on;

fn answer(decoder: &mut Decoder, constraint: &mut dyn Constraint, most: usize) -> Vec<Emitted> {
    let mut emitted = Vec::new();
    while emitted.len() < most {
        let next = block_on(decoder.next(constraint)).unwrap();
        emitted.push(next);
        if emitted.last() == Some(&Emitted::End) {
            break;
        }
    }
    emitted
}

/// `<count>`, two different objects, `</count>`, end.
#[derive(Default)]
struct CountTwo {
    seen: Vec<Emitted>,
}

impl Constraint for CountTwo {
    fn allowed(&self) -> Allowed {
        let excluded = self
            .seen
            .iter()
            .filter_map(|emitted| match emitted {
                Emitted::Object { index } => Some(*index),
                _ => None,
            })
            .collect();
        match self.seen.len() {
            0 => Allowed { marks: vec![COUNT], ..Allowed::default() },
            1 | 2 => Allowed { objects: true, excluded, ..Allowed::default() },
            3 => Allowed { marks: vec![COUNT + 1], ..Allowed::default() },
            _ => Allowed { end: true, ..Allowed::default() },
        }
    }

    fn accept(&mut self, emitted: &Emitted) {
        self.seen.push(emitted.clone());
    }
}

#[test]
fn an_answer_keeps_to_its_grammar() {
    let weights = packed(&SMALL, 7);
    let mut decoder = decoder(&weights, Processor::Cpu, &prefix(SMALL.width, 3, 7));
    block_on(decoder.ask(&[Piece::Text("how many?")])).unwrap();
    let emitted = answer(&mut decoder, &mut CountTwo::default(), 99);
    let [
        Emitted::Mark(COUNT),
        Emitted::Object { index: a },
        Emitted::Object { index: b },
        close,
        Emitted::End,
    ] = emitted.as_slice()
    else {
        panic!("{emitted:?}");
    };
    assert_ne!(a, b);
    assert_eq!(*close, Emitted::Mark(COUNT + 1));
    let after = block_on(decoder.next(&mut Anything));
    assert!(matches!(after, Err(Error::Order(_))), "{after:?}");
}

/// What frames the conversation is never an answer, even where a grammar lists it.
#[test]
fn frame_tokens_are_never_emitted() {
    struct Greedy;
    impl Constraint for Greedy {
        fn allowed(&self) -> Allowed {
            Allowed {
                marks: (TEXT_VOCAB as u32..END).chain([OBJECT]).collect(),
                ..Allowed::default()
            }
        }
        fn accept(&mut self, _: &Emitted) {}
    }
    let weights = packed(&SMALL, 8);
    let mut decoder = decoder(&weights, Processor::Cpu, &prefix(SMALL.width, 3, 8));
    block_on(decoder.ask(&[Piece::Text("?")])).unwrap();
    // Only <|pad|> is left.
    assert_eq!(block_on(decoder.next(&mut Greedy)).unwrap(), Emitted::Mark(TEXT_VOCAB as u32));
}

#[test]
fn a_grammar_that_allows_nothing_says_so() {
    struct Nothing;
    impl Constraint for Nothing {
        fn allowed(&self) -> Allowed {
            Allowed { objects: true, excluded: vec![0, 1], ..Allowed::default() }
        }
        fn accept(&mut self, _: &Emitted) {}
    }
    let weights = packed(&SMALL, 8);
    let mut decoder = decoder(&weights, Processor::Cpu, &prefix(SMALL.width, 2, 8));
    block_on(decoder.ask(&[Piece::Text("?")])).unwrap();
    assert!(matches!(block_on(decoder.next(&mut Nothing)), Err(Error::Nothing)));
}

/// A question starts right behind the prefix: what was asked before leaves no trace.
#[test]
fn questions_do_not_hear_each_other() {
    let weights = packed(&SMALL, 9);
    let scene = prefix(SMALL.width, 5, 9);
    let mut decoder = decoder(&weights, Processor::Cpu, &scene);
    let question = [Piece::Text("is "), Piece::Object(3), Piece::Text(" the chair?")];
    block_on(decoder.ask(&question)).unwrap();
    let first = answer(&mut decoder, &mut Anything, 20);
    block_on(decoder.ask(&[Piece::Text("something else entirely")])).unwrap();
    let other = answer(&mut decoder, &mut Anything, 7);
    assert_ne!(first[..7.min(first.len())], other[..]);
    block_on(decoder.ask(&question)).unwrap();
    assert_eq!(first, answer(&mut decoder, &mut Anything, 20));
    // A mention is heard.
    block_on(decoder.ask(&[Piece::Text("is "), Piece::Object(2), Piece::Text(" the chair?")]))
        .unwrap();
    assert_ne!(first, answer(&mut decoder, &mut Anything, 20));
    // Another scene and back.
    prefill(&mut decoder, &prefix(SMALL.width, 2, 10));
    prefill(&mut decoder, &scene);
    block_on(decoder.ask(&question)).unwrap();
    assert_eq!(first, answer(&mut decoder, &mut Anything, 20));
}

/// A question that follows is asked behind the last one and its answer, and no other.
#[test]
fn a_question_that_follows_hears_the_one_before() {
    let weights = packed(&SMALL, 9);
    let scene = prefix(SMALL.width, 5, 9);
    let mut decoder = decoder(&weights, Processor::CpuPlain, &scene);
    let first = [Piece::Text("is "), Piece::Object(3), Piece::Text(" the chair?")];
    let second = [Piece::Text("and it?")];
    let mut said = Vec::new();
    let mut answered = |decoder: &mut Decoder| {
        let scores = decoder.scores().unwrap().clone();
        said.clear();
        for _ in 0..6 {
            if block_on(decoder.next(&mut Anything)).unwrap() == Emitted::End {
                break;
            }
            said.extend(decoder.owed());
        }
        decoder.close();
        scores
    };
    block_on(decoder.ask(&second)).unwrap();
    let alone = answered(&mut decoder);
    block_on(decoder.ask(&first)).unwrap();
    answered(&mut decoder);
    block_on(decoder.follow(&second)).unwrap();
    let following = answered(&mut decoder);
    assert_ne!(following.logits, alone.logits);
    // What lies further back is gone.
    block_on(decoder.follow(&first)).unwrap();
    answered(&mut decoder);
    block_on(decoder.ask(&first)).unwrap();
    answered(&mut decoder);
    block_on(decoder.follow(&second)).unwrap();
    assert_eq!(answered(&mut decoder).logits, following.logits);
    decoder.forget();
    block_on(decoder.follow(&second)).unwrap();
    assert_eq!(answered(&mut decoder).logits, alone.logits);
}

/// What the person stopped has not been said.
#[test]
fn an_answer_that_was_stopped_is_nothing_to_follow() {
    let weights = packed(&SMALL, 9);
    let scene = prefix(SMALL.width, 5, 9);
    let mut decoder = decoder(&weights, Processor::CpuPlain, &scene);
    let first = [Piece::Text("is "), Piece::Object(3), Piece::Text(" the chair?")];
    let second = [Piece::Text("and it?")];
    block_on(decoder.ask(&second)).unwrap();
    let alone = decoder.scores().unwrap().clone();
    for steps in [0, 1, 3] {
        block_on(decoder.ask(&first)).unwrap();
        (0..steps).for_each(|_| drop(block_on(decoder.next(&mut Anything)).unwrap()));
        block_on(decoder.follow(&second)).unwrap();
        assert_eq!(decoder.scores(), Some(&alone), "stopped after {steps}");
    }
    // One that ended by itself needs no closing.
    block_on(decoder.ask(&first)).unwrap();
    answer(&mut decoder, &mut CountTwo::default(), 99);
    block_on(decoder.follow(&second)).unwrap();
    assert_ne!(decoder.scores(), Some(&alone));
    // Closing where nothing was asked makes nothing to follow.
    decoder.forget();
    decoder.close();
    block_on(decoder.follow(&second)).unwrap();
    assert_eq!(decoder.scores(), Some(&alone));
}

#[test]
fn the_same_seed_gives_the_same_answer() {
    let weights = packed(&SMALL, 11);
    let mut decoder = decoder(&weights, Processor::Cpu, &prefix(SMALL.width, 5, 11));
    let mut drawn = |sampling| {
        decoder.set_sampling(sampling);
        block_on(decoder.ask(&[Piece::Text("tell me")])).unwrap();
        answer(&mut decoder, &mut Anything, 12)
    };
    let at =
        |temperature, seed| Sampling::Drawn(Drawing { temperature, seed, ..Drawing::default() });
    let hot = |seed| at(3.0, seed);
    let first = drawn(hot(1));
    assert_eq!(first, drawn(hot(1)));
    assert_ne!(first, drawn(hot(2)));
    assert_eq!(drawn(Sampling::Greedy), drawn(at(1e-3, 5)));
}

#[test]
fn what_cannot_be_is_refused() {
    let weights = packed(&SMALL, 12);
    let scene = prefix(SMALL.width, 3, 12);
    let mut decoder = block_on(Decoder::new(&weights, Processor::Cpu)).unwrap();
    assert!(matches!(block_on(decoder.prefill_step()), Err(Error::Order(_))));
    assert!(matches!(block_on(decoder.ask(&[])), Err(Error::Order(_))));
    let mut bad = scene.clone();
    bad.rows[5] = f32::NAN;
    assert!(matches!(decoder.set_prefix(&bad), Err(Error::Prefix(_))));
    bad = scene.clone();
    bad.pairs.pop();
    assert!(matches!(decoder.set_prefix(&bad), Err(Error::Prefix(_))));
    bad = scene.clone();
    bad.objects[1].mention.pop();
    assert!(matches!(decoder.set_prefix(&bad), Err(Error::Prefix(_))));
    let full = prefix(SMALL.width, 40, 1);
    assert!(matches!(decoder.set_prefix(&full), Err(Error::ContextFull { .. })));
    // Half read is not read.
    decoder.set_prefix(&scene).unwrap();
    block_on(decoder.prefill_step()).unwrap();
    assert!(matches!(block_on(decoder.ask(&[])), Err(Error::Order(_))));

    prefill(&mut decoder, &scene);
    assert!(matches!(block_on(decoder.ask(&[Piece::Object(3)])), Err(Error::NoObject { .. })));
    let unknown = [Feed::Token(u32::MAX)];
    assert!(matches!(block_on(decoder.forced(&unknown)), Err(Error::NoToken { .. })));
    let endless = "word ".repeat(SMALL.context);
    let too_long = block_on(decoder.ask(&[Piece::Text(&endless)]));
    assert!(matches!(too_long, Err(Error::ContextFull { .. })), "{too_long:?}");
    // An answer that does not end runs into the context's end, not beyond it.
    block_on(decoder.ask(&[Piece::Text("go on")])).unwrap();
    struct Endless;
    impl Constraint for Endless {
        fn allowed(&self) -> Allowed {
            Allowed { text: true, ..Allowed::default() }
        }
        fn accept(&mut self, _: &Emitted) {}
    }
    let end = (0..=SMALL.context).find_map(|_| block_on(decoder.next(&mut Endless)).err());
    assert!(matches!(end, Some(Error::ContextFull { .. })), "{end:?}");
}

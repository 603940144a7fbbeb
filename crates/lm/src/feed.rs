//! What a decoder is given, and what it says of it.

use crate::pointer::View;

/// A piece of a question.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Piece<'a> {
    /// Words.
    Text(&'a str),
    /// A mention of an object, by its index in `ScenePrefix::objects`.
    Object(usize),
}

/// One position of forced decoding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Feed {
    /// A token, special or not.
    Token(u32),
    /// A mention in a question, by its index in `ScenePrefix::objects`.
    Object(usize),
    /// A mention in an answer.
    Named {
        /// Its index in `ScenePrefix::objects`.
        index: usize,
        /// From where it was seen.
        view: View,
    },
    /// The end of a box in an answer, of which object it is known.
    Boxed(
        /// Its index in `ScenePrefix::objects`.
        usize,
    ),
}

/// How far the prefix has been read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// Rows so far (each counted when all layers have seen it; shares of rows are rounded down).
    pub done: usize,
    /// Rows in all.
    pub total: usize,
}

impl Progress {
    /// Whether the prefix has been read.
    pub fn is_complete(&self) -> bool {
        self.done == self.total
    }
}

/// What the model thinks comes next.
#[derive(Clone, Debug, PartialEq)]
pub struct Scores {
    /// `(vocab)`, unnormalised log-probabilities of tokens; that of `<obj>` is what all objects
    /// have in common.
    pub logits: Vec<f32>,
    /// `(objects)`, what each object has beside that.
    pub objects: Vec<f32>,
    /// From where an object would be seen.
    pub view: View,
}

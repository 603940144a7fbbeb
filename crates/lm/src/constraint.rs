/// What a step of decoding gave.
#[derive(Clone, Debug, PartialEq)]
pub enum Emitted {
    /// A token of text.
    Token {
        /// Its id.
        id: u32,
        /// What can be shown with it; empty while a character is incomplete.
        text: String,
    },
    /// `<OBJ i>`: an object of the scene was pointed at.
    Object {
        /// Its index in `ScenePrefix::objects`.
        index: usize,
    },
    /// A special token of the answer's grammar, such as `<count>`.
    Mark(
        /// Its id.
        u32,
    ),
    /// `<|end|>`.
    End,
}

/// The classes of tokens that may come next.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Allowed {
    /// Tokens of text.
    pub text: bool,
    /// `<|end|>`.
    pub end: bool,
    /// Pointing at an object.
    pub objects: bool,
    /// Indices of objects that may not be named although `objects` is set, or a box may come.
    pub excluded: Vec<usize>,
    /// Ids of the special tokens that may come, beside `<|end|>`.
    pub marks: Vec<u32>,
}

/// Keeps an answer within its grammar. `tasks` has the real ones.
pub trait Constraint {
    /// What may come next.
    fn allowed(&self) -> Allowed;

    /// Takes note of what came.
    fn accept(&mut self, emitted: &Emitted);

    /// Index of the object whose box ended with what came last, for what follows to know of it. None
    /// where objects are not named by boxes.
    fn boxed(&self) -> Option<usize> {
        None
    }
}

/// Text, objects and the end, in any order; no marks.
#[derive(Clone, Copy, Debug, Default)]
pub struct Anything;

impl Constraint for Anything {
    fn allowed(&self) -> Allowed {
        Allowed { text: true, end: true, objects: true, ..Allowed::default() }
    }

    fn accept(&mut self, _emitted: &Emitted) {}
}

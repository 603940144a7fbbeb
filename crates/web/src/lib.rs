//! The page and the dedicated worker, two programs from one crate: [`page`] shows, [`worker`]
//! thinks. They speak [`protocol`] over [`wire`] and share nothing else.
//!
//! What this crate is *not*: no algorithm lives here; rooms are made up by `roomgen` and answers
//! about them judged by `referee`. Text that comes from a file or a model
//! reaches the document as text nodes only.

#[cfg(feature = "page")]
mod palette;
#[cfg(feature = "worker")]
mod surprise;
#[cfg(feature = "page")]
mod talk;
#[cfg(feature = "page")]
mod text;
#[cfg(feature = "page")]
mod words;

#[cfg(all(target_arch = "wasm32", feature = "page"))]
pub mod page;
#[cfg(target_arch = "wasm32")]
mod wire;
#[cfg(all(target_arch = "wasm32", feature = "worker"))]
pub mod worker;

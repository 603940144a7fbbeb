//! The worker that does the thinking.

fn main() {
    #[cfg(target_arch = "wasm32")]
    web::worker::start();
}

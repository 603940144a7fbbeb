//! What the house forbids.

/// The rules of this crate must not be able to slip into an answer.
#[test]
fn the_engine_does_not_depend_on_the_referee() {
    let manifests = concat!(env!("CARGO_MANIFEST_DIR"), "/..");
    let read =
        |name: &str| std::fs::read_to_string(format!("{manifests}/{name}/Cargo.toml")).unwrap();
    let names_referee =
        |text: &str| text.lines().any(|line| line.trim_start().starts_with("referee"));
    assert!(names_referee(&read("cli")), "the check would see it");
    // The engine, and all it could get it through.
    for name in [
        "engine", "encode", "geometry", "kernels", "lm", "protocol", "scene", "segment", "tasks",
        "views",
    ] {
        assert!(!names_referee(&read(name)), "{name}");
    }
}

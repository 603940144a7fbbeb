//! What every response of ours says, so that page and worker are bound alike.

/// The policy: code and connections from this origin only. A page's policy does not bind a worker
/// that is loaded from the network, so the worker's own response must carry it too.
pub(crate) const POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; \
    worker-src 'self'; connect-src 'self'; img-src 'self' blob: data:; style-src 'self'; \
    font-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none'; object-src 'none'; \
    frame-ancestors 'self'";

/// The one page that may be framed by anybody's.
const EMBED: &str = "embed.html";

/// The policy of a file of this name.
fn policy(path: &str) -> String {
    if path.trim_start_matches('/') == EMBED {
        return POLICY.replace("frame-ancestors 'self'", "frame-ancestors *");
    }
    POLICY.to_owned()
}

/// The headers of a file of this name.
pub(crate) fn of(path: &str) -> Vec<(&'static str, String)> {
    let rest = [
        ("Content-Type", content_type(path)),
        ("X-Content-Type-Options", "nosniff"),
        ("Referrer-Policy", "no-referrer"),
        ("Cross-Origin-Resource-Policy", "same-origin"),
        ("Cache-Control", "no-cache"),
    ];
    let rest = rest.map(|(name, value)| (name, value.to_owned()));
    std::iter::once(("Content-Security-Policy", policy(path))).chain(rest).collect()
}

fn content_type(path: &str) -> &'static str {
    match path.rsplit('.').next() {
        Some("html") => "text/html; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("js" | "mjs") => "text/javascript; charset=utf-8",
        Some("json") => "application/json",
        Some("webmanifest") => "application/manifest+json",
        Some("wasm") => "application/wasm",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("wgsl" | "md" | "txt") => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_copy_of_the_policy_is_the_same() {
        // Long lines are broken, and strings put together, differently in each.
        let bare = |text: &str| -> String {
            text.chars().filter(|c| !c.is_whitespace() && !matches!(c, '"' | '+')).collect()
        };
        for name in ["SECURITY.md", "tests/e2e/server.mjs"] {
            let text = std::fs::read_to_string(crate::root().join(name)).unwrap();
            assert!(bare(&text).contains(&bare(POLICY)), "{name} has another policy");
        }
    }

    #[test]
    fn the_worker_is_bound_like_the_page() {
        for path in ["index.html", "worker.js", "worker_bg.wasm", "no-such-file"] {
            let policy = ("Content-Security-Policy", POLICY.to_owned());
            assert!(of(path).contains(&policy), "{path}");
        }
        let framed = policy("/embed.html");
        assert!(framed.ends_with("frame-ancestors *"), "{framed}");
        assert_eq!(framed.replace(" *", " 'self'"), POLICY);
        assert_eq!(content_type("a/b.wasm"), "application/wasm");
    }
}

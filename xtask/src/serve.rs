//! `cargo xtask serve`: the built page with its real headers.

use crate::tools::{Mode, Purpose, Tools};
use crate::{Failure, headers, page, root};
use std::fs::File;
use std::path::{Component, Path, PathBuf};
use tiny_http::{Header, Method, Request, Response, Server};

/// What an error's few words are served as.
const ERROR: &str = "error.txt";

/// Requests answered at the same time.
const THREADS: usize = 4;

pub(crate) fn run(options: &[&str]) -> Result<(), Failure> {
    let (mut host, mut port) = ("127.0.0.1".to_owned(), 8080_u16);
    let mut rest = options.iter();
    while let Some(option) = rest.next() {
        match (*option, rest.next()) {
            ("--port", Some(value)) => {
                port = value
                    .parse()
                    .map_err(|_| Failure::Blocked(format!("--port {value}: not a port number")))?;
            }
            ("--host", Some(value)) => host = (*value).to_owned(),
            _ => return Err(Failure::Blocked(crate::USAGE.to_owned())),
        }
    }
    let tools = Tools::prepare(Purpose::Page, Mode::Install)?;
    let dist = page::build(&tools)?;
    let server = Server::http((host.as_str(), port)).map_err(|error| {
        Failure::Failed(format!(
            "{host}:{port} cannot be served ({error}); try --port {}",
            port.wrapping_add(1)
        ))
    })?;
    println!("\nScanwise is at http://{host}:{port}/ (Ctrl-C ends it)");
    // Several, so that a slow download does not hold up the rest of the page.
    std::thread::scope(|scope| {
        for _ in 0..THREADS {
            scope.spawn(|| {
                for request in server.incoming_requests() {
                    // A browser that goes away mid-answer is no fault of the server.
                    let _ = answer(request, &dist);
                }
            });
        }
    });
    Ok(())
}

fn answer(request: Request, dist: &Path) -> std::io::Result<()> {
    if !matches!(request.method(), Method::Get | Method::Head) {
        return respond(request, ERROR, Response::from_string("only GET").with_status_code(405));
    }
    let path = request.url().split(['?', '#']).next().unwrap_or("/").to_owned();
    let name = if path.ends_with('/') { format!("{path}index.html") } else { path };
    let file = inside(dist, &name).and_then(|path| File::open(path).ok());
    match file {
        Some(file) => respond(request, &name, Response::from_file(file)),
        None => {
            respond(request, ERROR, Response::from_string("no such file").with_status_code(404))
        }
    }
}

/// Answers with the headers of a file of this name.
fn respond(
    request: Request,
    name: &str,
    mut response: Response<impl std::io::Read>,
) -> std::io::Result<()> {
    for (field, value) in headers::of(name) {
        if let Ok(field) = Header::from_bytes(field.as_bytes(), value.as_bytes()) {
            response.add_header(field);
        }
    }
    request.respond(response)
}

/// The file that a request names, if it lies within the folder.
fn inside(folder: &Path, name: &str) -> Option<PathBuf> {
    let relative = Path::new(name.trim_start_matches('/'));
    let plain = relative.components().all(|part| matches!(part, Component::Normal(_)));
    let path = folder.join(relative);
    (plain && path.is_file()).then_some(path)
}

/// The folder the page is built into.
pub(crate) fn dist() -> PathBuf {
    root().join("dist")
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::{Read, Write};
    use std::net::{SocketAddr, TcpStream};

    #[test]
    fn nothing_outside_the_folder_is_served() {
        let folder = root().join("xtask/src");
        assert!(inside(&folder, "/main.rs").is_some());
        assert!(inside(&folder, "/../Cargo.toml").is_none());
        assert!(inside(&folder, "/./../Cargo.toml").is_none());
        assert!(inside(&folder, "//etc/hostname").is_none());
        assert!(inside(&folder, "/tools").is_none());
    }

    /// The whole answer to a request, as bytes on the wire read as text.
    fn ask(address: SocketAddr, first_line: &str) -> String {
        let mut stream = TcpStream::connect(address).unwrap();
        write!(stream, "{first_line} HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n").unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).unwrap();
        String::from_utf8_lossy(&answer).into_owned()
    }

    #[test]
    fn every_answer_carries_the_policy() {
        let folder = std::env::temp_dir().join(format!("scanwise-serve-{}", std::process::id()));
        std::fs::create_dir_all(folder.join("deep")).unwrap();
        for name in ["index.html", "worker.js", "page.wasm", "deep/model.json"] {
            std::fs::write(folder.join(name), "content").unwrap();
        }
        let server = Server::http("127.0.0.1:0").unwrap();
        let address = server.server_addr().to_ip().unwrap();
        let cases = [
            ("GET /", 200, "text/html; charset=utf-8", true),
            ("GET /worker.js?v=1", 200, "text/javascript; charset=utf-8", true),
            ("GET /page.wasm", 200, "application/wasm", true),
            ("GET /deep/model.json", 200, "application/json", true),
            ("HEAD /page.wasm", 200, "application/wasm", false),
            ("GET /no-such-file", 404, "text/plain; charset=utf-8", false),
            ("GET /deep", 404, "text/plain; charset=utf-8", false),
            ("GET /../Cargo.toml", 404, "text/plain; charset=utf-8", false),
            ("GET /%2e%2e/Cargo.toml", 404, "text/plain; charset=utf-8", false),
            ("GET //etc/hostname", 404, "text/plain; charset=utf-8", false),
            ("POST /index.html", 405, "text/plain; charset=utf-8", false),
        ];
        std::thread::scope(|scope| {
            scope.spawn(|| {
                for _ in 0..cases.len() {
                    answer(server.recv().unwrap(), &folder).unwrap();
                }
            });
            for (first_line, status, kind, has_content) in cases {
                let text = ask(address, first_line);
                assert!(text.starts_with(&format!("HTTP/1.1 {status} ")), "{first_line}: {text}");
                let policy = format!("Content-Security-Policy: {}\r\n", headers::POLICY);
                assert!(text.contains(&policy), "{first_line}: {text}");
                assert_eq!(text.matches("Content-Type: ").count(), 1, "{first_line}: {text}");
                assert!(
                    text.contains(&format!("Content-Type: {kind}\r\n")),
                    "{first_line}: {text}"
                );
                assert!(text.contains("Cache-Control: no-cache\r\n"), "{first_line}: {text}");
                assert_eq!(text.ends_with("content"), has_content, "{first_line}: {text}");
            }
        });
        std::fs::remove_dir_all(folder).unwrap();
    }
}

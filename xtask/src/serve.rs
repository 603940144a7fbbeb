//! `cargo xtask serve`: the built page with its real headers.

use crate::tools::{Mode, Purpose, Tools};
use crate::{Failure, headers, page, root};
use std::fs::File;
use std::path::{Component, Path, PathBuf};
use tiny_http::{Header, Method, Request, Response, Server};

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
    for request in server.incoming_requests() {
        // A browser that goes away mid-answer is no fault of the server.
        let _ = answer(request, &dist);
    }
    Ok(())
}

fn answer(request: Request, dist: &Path) -> std::io::Result<()> {
    if !matches!(request.method(), Method::Get | Method::Head) {
        return request.respond(Response::from_string("only GET").with_status_code(405));
    }
    let path = request.url().split(['?', '#']).next().unwrap_or("/").to_owned();
    let name = if path.ends_with('/') { format!("{path}index.html") } else { path };
    let file = inside(dist, &name).and_then(|path| File::open(path).ok());
    let fields = headers::of(&name)
        .into_iter()
        .filter_map(|(field, value)| Header::from_bytes(field.as_bytes(), value.as_bytes()).ok());
    match file {
        Some(file) => {
            let mut response = Response::from_file(file);
            fields.for_each(|field| response.add_header(field));
            request.respond(response)
        }
        None => {
            let mut response = Response::from_string("no such file").with_status_code(404);
            fields.for_each(|field| response.add_header(field));
            request.respond(response)
        }
    }
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

    #[test]
    fn nothing_outside_the_folder_is_served() {
        let folder = root().join("xtask/src");
        assert!(inside(&folder, "/main.rs").is_some());
        assert!(inside(&folder, "/../Cargo.toml").is_none());
        assert!(inside(&folder, "/./../Cargo.toml").is_none());
        assert!(inside(&folder, "//etc/hostname").is_none());
        assert!(inside(&folder, "/tools").is_none());
    }
}

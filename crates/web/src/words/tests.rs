use super::*;
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

const GERMAN: &str = include_str!("../../../../web/words/de.json");
const INSIDE: &str = include_str!("../../../../web/scanwise.html");
const BOOT: &str = include_str!("../../../../web/boot.js");

/// Where what the worker says is written, by crate; sentences that no user meets are not put into words.
const SPEAKERS: [&str; 5] = ["encode", "engine", "photos", "ply", "segment"];
const UNHEARD: [&str; 4] = [
    "the column \"{column}\" has {found} entries for {expected} points",
    "{what} is not a usable vector",
    "this segmentation has already ended",
    " {sentence}",
];

fn german() -> Words {
    serde_json::from_str(GERMAN).expect("words")
}

/// All Rust under a folder, without its tests.
fn sources(folder: &Path) -> Vec<String> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder").flatten() {
        let path = entry.path();
        if path.is_dir() {
            found.extend(sources(&path));
        } else if path.extension().is_some_and(|end| end == "rs") && !path.ends_with("tests.rs") {
            let source = fs::read_to_string(&path).expect("a source");
            found.push(source.split("#[cfg(test)]").next().unwrap_or_default().to_owned());
        }
    }
    found
}

fn crate_sources(name: &str) -> Vec<String> {
    sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(name).join("src"))
}

/// The first string of a piece of Rust, as it reads, and what follows it.
fn string(source: &str) -> Option<(String, &str)> {
    let (_, body) = source.split_once('"')?;
    let (mut words, mut letters) = (String::new(), body.char_indices());
    while let Some((at, letter)) = letters.next() {
        match letter {
            '"' => return Some((words, &body[at + 1..])),
            '\\' => match letters.next()?.1 {
                // The words go on where the next line begins to say something.
                '\n' => {
                    let blank = letters.as_str().len() - letters.as_str().trim_start().len();
                    letters.by_ref().take(blank).for_each(drop);
                }
                other => words.push(other),
            },
            letter => words.push(letter),
        }
    }
    None
}

/// The first string after each place where one of these stands.
fn strings_after<'a>(source: &'a str, marks: &[&str]) -> Vec<(String, &'a str)> {
    let starts = marks.iter().flat_map(|mark| source.match_indices(mark));
    starts.filter_map(|(at, mark)| string(&source[at + mark.len()..])).collect()
}

fn of_page() -> BTreeSet<String> {
    let one_line = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut keys = BTreeSet::new();
    let told =
        INSIDE.split("<!--").map(|part| part.split_once("-->").map_or(part, |(_, told)| told));
    for (index, piece) in told.collect::<String>().split(['<', '>']).enumerate() {
        match index % 2 {
            0 => drop(keys.insert(one_line(piece))),
            _ => {
                let read = ["title=", "aria-label=", "placeholder="].map(|name| format!(" {name}"));
                let read = read.each_ref().map(String::as_str);
                keys.extend(strings_after(piece, &read).into_iter().map(|(words, _)| words));
            }
        }
    }
    for source in crate_sources("web") {
        // Where the macros are made nothing is said by them.
        if !source.contains("macro_rules! t") {
            let said = strings_after(&source, &[" t!(", "(t!(", "[t!(", "&t!(", "later!("]);
            keys.extend(said.into_iter().map(|(words, _)| words));
        }
    }
    for (_, rest) in BOOT.match_indices("said('").map(|(at, mark)| BOOT.split_at(at + mark.len())) {
        keys.extend(rest.split('\'').next().map(str::to_owned));
    }
    keys.remove("");
    keys
}

/// What `thiserror` and warnings are made from.
fn of_worker() -> BTreeSet<String> {
    let mut keys = BTreeSet::new();
    for source in SPEAKERS.into_iter().flat_map(crate_sources) {
        for part in source.split("#[error(").skip(1).filter(|part| !part.starts_with("transparent"))
        {
            keys.extend(string(part).map(|(words, _)| words));
        }
        for (code, rest) in strings_after(&source, &["Warning::new(", ".warn("]) {
            // The sentence, where the code stands before it.
            let sentence =
                if code.contains(' ') { Some(code) } else { string(rest).map(|found| found.0) };
            keys.extend(sentence.filter(|words| words.ends_with('.')));
        }
    }
    for unheard in UNHEARD {
        keys.remove(unheard);
    }
    keys
}

fn names(template: &str) -> BTreeSet<String> {
    pieces(template).filter_map(|(_, name)| name).collect()
}

#[test]
fn the_page_says_everything_in_german() {
    let (said, known) = (of_page(), german().page.into_keys().collect::<BTreeSet<_>>());
    let missing: Vec<_> = said.difference(&known).collect();
    let unused: Vec<_> = known.difference(&said).collect();
    assert!(missing.is_empty() && unused.is_empty(), "missing {missing:#?}\nunused {unused:#?}");
    assert!(said.len() > 300);
}

#[test]
fn the_worker_is_understood_in_german() {
    let known = german().messages;
    // Errors of the encoders speak of our own files and machine, as those of the model do: in English.
    let english = [
        "the model has no tensor",
        "tensor {name}",
        "this model is for",
        "the slots must",
        "the encoders could",
    ];
    let said = of_worker();
    let missing: Vec<_> = said
        .iter()
        .filter(|key| !known.contains_key(*key) && !english.iter().any(|own| key.starts_with(own)))
        .collect();
    assert!(missing.is_empty(), "missing {missing:#?}");
    let all: String = SPEAKERS.into_iter().chain(["scene"]).flat_map(crate_sources).collect();
    let written: BTreeSet<String> = {
        let (mut rest, mut found) = (all.as_str(), BTreeSet::new());
        while let Some((words, after)) = string(rest) {
            found.insert(words);
            rest = after;
        }
        found
    };
    let unused: Vec<_> = known.keys().filter(|key| !written.contains(*key)).collect();
    assert!(unused.is_empty(), "unused {unused:#?}");
}

#[test]
fn a_translation_has_the_places_of_its_english() {
    let Words { page, messages } = german();
    for (english, german) in page.iter().chain(&messages) {
        assert_eq!(names(english), names(german), "{english}");
        assert_eq!(english.trim(), english);
        assert_eq!(german.trim(), german);
    }
}

#[test]
fn places_are_filled() {
    let parts = [("a", "{b} $&".to_owned()), ("b", "2".to_owned())];
    assert_eq!(fill("{a} of {b}, {c}", &parts), "{b} $& of 2, {c}");
    learn(german());
    assert_eq!(t!("{done} of {total}", done = 1, total = "{done}"), "1 von {done}");
    assert_eq!(t!("Done"), "Fertig");
    assert_eq!(of("Nobody has said this."), "Nobody has said this.");
    learn(Words::default());
    assert_eq!(t!("Done"), "Done");
}

#[test]
fn a_message_is_found_by_its_sentence() {
    let words = german();
    let not_ply = "This is not a PLY file: it looks like a web page. The download link probably led to a page; \
                   download the file itself.";
    let said = words.message(not_ply);
    assert!(
        said.starts_with("Das ist keine PLY-Datei: sie sieht aus wie eine Webseite. Der Link"),
        "{said}"
    );
    let twice =
        words.message("About 7 of 20 points stand in the file a second time; each counts once.");
    assert_eq!(
        twice,
        "Etwa 7 von 20 Punkten stehen ein zweites Mal in der Datei; jeder zählt einmal."
    );
    let hostile = "Line 3 of the file's header cannot be understood: it is odd (`{problem}<b>{`).";
    assert!(words.message(hostile).ends_with("(`{problem}<b>{`)."));
    for unknown in ["", "{", "}", "{}", "About 7 of", "Etwas anderes."] {
        assert_eq!(words.message(unknown), unknown);
    }
}

//! English around object names: articles, plurals, numbers, other names for the same thing.

/// Other words for the same class; the first of a row is the name used in suites where a suite
/// has it.
const SAME: &[&[&str]] = &[
    &["sofa", "couch", "settee"],
    &["wardrobe", "closet"],
    &["rug", "carpet"],
    &["tv", "television", "tv set"],
    &["fridge", "refrigerator"],
    &["bedside table", "nightstand", "night table"],
    &["bookcase", "bookshelf"],
    &["trash can", "bin", "trash bin", "waste bin", "wastebasket"],
    &["computer", "pc"],
    &["plant", "potted plant", "houseplant"],
    &["cabinet", "cupboard"],
    &["chest of drawers", "dresser"],
    &["picture", "painting"],
    &["stove", "cooker", "oven"],
    &["sink", "wash basin", "washbasin"],
    &["bathtub", "bath"],
    &["floor lamp", "standing lamp"],
    &["washing machine", "washer"],
    &["armchair", "easy chair"],
    &["desk", "writing desk"],
    &["piano", "upright piano"],
];

/// Classes that people also call by the wider name on the left, beside those whose name ends in it.
const KINDS: &[(&str, &[&str])] = &[
    ("chair", &["armchair", "easy chair"]),
    ("table", &["desk", "writing desk", "workbench"]),
    ("lamp", &["chandelier", "light", "ceiling light"]),
    ("light", &["lamp", "chandelier"]),
    ("bed", &["crib"]),
    ("shelf", &["bookcase", "bookshelf"]),
    ("bookcase", &["shelf"]),
    ("stool", &["ottoman"]),
    ("computer", &["laptop", "monitor"]),
    ("monitor", &["tv", "computer"]),
    ("tv", &["monitor"]),
    ("plant", &["christmas tree", "flowers"]),
    ("box", &["basket", "crate", "toolbox"]),
    ("toy", &["teddy bear"]),
    ("picture", &["poster", "whiteboard"]),
];

/// Other names of a class, itself left out.
pub fn synonyms(class: &str) -> impl Iterator<Item = &'static str> {
    SAME.iter()
        .filter(move |row| row.contains(&class))
        .flat_map(|row| row.iter().copied())
        .filter(move |name| *name != class)
}

/// Whether a person could mean `other` by the name `class`: the same, a synonym, or a kind of it
/// (an office chair is a chair).
pub fn covers(class: &str, other: &str) -> bool {
    let kind_of = |wide: &str| {
        other.ends_with(&format!(" {wide}"))
            || KINDS.iter().any(|(name, kinds)| *name == wide && kinds.contains(&other))
    };
    class == other
        || synonyms(class).any(|name| name == other)
        || kind_of(class)
        || synonyms(class).any(kind_of)
}

/// The name for several.
pub fn plural(name: &str) -> String {
    let (head, last) = name.rsplit_once(' ').map_or(("", name), |(head, last)| (head, last));
    let space = if head.is_empty() { "" } else { " " };
    if let Some(rest) = name.strip_prefix("chest of") {
        return format!("chests of{rest}");
    }
    let many = match last {
        "shelf" | "bookshelf" => format!("{}ves", &last[..last.len() - 1]),
        "shelves" | "stairs" | "curtains" | "flowers" | "books" | "shelving" | "clothes" => {
            last.to_owned()
        }
        "person" => "people".to_owned(),
        "piano" => "pianos".to_owned(),
        _ if ["s", "x", "ch", "sh"].iter().any(|end| last.ends_with(end)) => format!("{last}es"),
        _ if last.ends_with('y') && !["ay", "ey", "oy"].iter().any(|end| last.ends_with(end)) => {
            format!("{}ies", &last[..last.len() - 1])
        }
        _ => format!("{last}s"),
    };
    format!("{head}{space}{many}")
}

/// “a” or “an” before a word.
pub fn article(word: &str) -> &'static str {
    match word.chars().next().map(|letter| letter.to_ascii_lowercase()) {
        Some('a' | 'e' | 'i' | 'o') => "an",
        // A umbrella, but a unit.
        Some('u') if !word.starts_with("uni") && !word.starts_with("ut") => "an",
        _ => "a",
    }
}

/// A small number as a word.
pub fn number_word(number: usize) -> Option<&'static str> {
    const WORDS: [&str; 13] = [
        "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
        "eleven", "twelve",
    ];
    WORDS.get(number).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_could_be_mixed_up() {
        assert!(covers("chair", "office chair") && covers("chair", "armchair"));
        assert!(covers("couch", "sofa") && covers("table", "coffee table"));
        assert!(!covers("office chair", "chair") && !covers("sofa", "bed"));
    }

    #[test]
    fn plurals_and_articles() {
        let known = [
            ("chair", "chairs"),
            ("bookshelf", "bookshelves"),
            ("box", "boxes"),
            ("couch", "couches"),
            ("chest of drawers", "chests of drawers"),
            ("potted plant", "potted plants"),
            ("curtains", "curtains"),
        ];
        for (one, many) in known {
            assert_eq!(plural(one), many);
        }
        assert_eq!((article("armchair"), article("sofa"), article("umbrella")), ("an", "a", "an"));
    }

    #[test]
    fn synonyms_leave_the_name_itself_out() {
        assert_eq!(synonyms("sofa").collect::<Vec<_>>(), ["couch", "settee"]);
        assert_eq!(synonyms("couch").collect::<Vec<_>>(), ["sofa", "settee"]);
        assert_eq!(synonyms("spaceship").count(), 0);
    }
}

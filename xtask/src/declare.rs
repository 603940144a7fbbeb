//! The TypeScript declarations of `<scan-wise>`, from the one table of what it can do,
//! `web/custom-elements.json`.

use crate::Failure;
use serde_json::Value;
use std::fmt::Write as _;

/// What answers, scenes and problems hold, as far as authors need it.
const SHAPES: &str = "\
export interface Box { min: [number, number, number]; max: [number, number, number] }

/** An object that was found; boxes in metres, z up. */
export interface SceneObject { id: number; label: string; colour: string | null; score: number; points: number; box_in_scene: Box }

/** A scan that is open. */
export interface Scene { name: string; points: number; bounds: Box; objects: SceneObject[]; warnings: { code: string; message: string }[] }

/** A piece of an answer: the model's words, or a value that was measured on the scan. */
export interface Span {
  text: string;
  source: 'lm' | 'measured';
  objects: number[];
  measured?: { value: number; unit: string; band: number };
}

/** An answer; all but the first four only where `done`. */
export interface Answer {
  question: string;
  answer: string;
  spans: Span[];
  done?: boolean;
  objects?: SceneObject[];
  seconds?: { parse: number; segment: number; encode: number; first_token: number; total: number };
  tokens_per_s?: number;
  finish?: 'end' | 'length';
}

/** Something that went wrong. */
export interface Problem { code: string; title: string; message: string }
";

/// The declarations, from the text of the table.
pub(crate) fn types(table: &str) -> Result<String, Failure> {
    let table: Value = serde_json::from_str(table)
        .map_err(|error| Failure::Failed(format!("custom-elements.json: {error}")))?;
    let class = &table["modules"][0]["declarations"][0];
    let mut text = format!("// Made from custom-elements.json.\n\n{SHAPES}");
    let _ =
        write!(text, "\n/** {} */\nexport class ScanWise extends HTMLElement {{\n", words(class));
    for member in each(&class["members"]) {
        let parameters: Vec<String> = each(&member["parameters"]).map(parameter).collect();
        let _ = writeln!(text, "  /** {} */", words(member));
        let (name, returned) = (string(&member["name"]), string(&member["return"]["type"]["text"]));
        let _ = writeln!(text, "  {name}({}): {returned};", parameters.join(", "));
    }
    for event in each(&class["events"]) {
        let (name, of) = (string(&event["name"]), string(&event["type"]["text"]));
        let _ = writeln!(text, "  /** {} */", words(event));
        let _ = writeln!(
            text,
            "  addEventListener(type: '{name}', listener: (this: ScanWise, event: {of}) => unknown, options?: boolean | AddEventListenerOptions): void;"
        );
    }
    text.push_str(
        "  addEventListener(type: string, listener: EventListenerOrEventListenerObject, options?: boolean | AddEventListenerOptions): void;\n}\n\n\
         declare global {\n  interface HTMLElementTagNameMap { 'scan-wise': ScanWise }\n}\n",
    );
    Ok(text)
}

fn parameter(parameter: &Value) -> String {
    let optional = if parameter["optional"] == true { "?" } else { "" };
    format!("{}{optional}: {}", string(&parameter["name"]), string(&parameter["type"]["text"]))
}

fn words(of: &Value) -> &str {
    string(&of["description"])
}

fn each(list: &Value) -> impl Iterator<Item = &Value> {
    list.as_array().into_iter().flatten()
}

fn string(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_member_of_the_table_is_declared() {
        let table =
            std::fs::read_to_string(crate::root().join("web/custom-elements.json")).unwrap();
        let text = types(&table).unwrap();
        assert!(
            text.contains("  ask(question: string): AsyncGenerator<Answer, void, void>;\n"),
            "{text}"
        );
        assert!(text.contains("  focus(id?: number): void;\n"), "{text}");
        assert!(text.contains(
            "type: 'scanwise-scene', listener: (this: ScanWise, event: CustomEvent<Scene>)"
        ));
    }

    #[test]
    fn the_readme_tells_of_all_that_the_table_holds() {
        let read = |name: &str| std::fs::read_to_string(crate::root().join(name)).unwrap();
        let (table, readme) = (read("web/custom-elements.json"), read("web/README.md"));
        let table: Value = serde_json::from_str(&table).unwrap();
        let class = &table["modules"][0]["declarations"][0];
        for kind in ["attributes", "members", "events", "slots", "cssParts", "cssProperties"] {
            for one in each(&class[kind]) {
                let name = string(&one["name"]);
                assert!(
                    readme.contains(&format!("`{name}")),
                    "web/README.md says nothing of {name}"
                );
            }
        }
    }
}

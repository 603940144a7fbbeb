//! A page to look through what a system got wrong: one file, nothing fetched from elsewhere.

mod escape;
mod top_view;

use crate::groups::question_of;
use crate::{Case, GivenRoom, Judged, Verdict};
use escape::escaped;
use std::collections::BTreeSet;
use std::fmt::Write;
use tasks::suite::Question;
use top_view::TopView;

const STYLE: &str = include_str!("failures/style.css");
const SCRIPT: &str = include_str!("failures/filter.js");

/// The page, as HTML: of each system and regime, given with its objects, every wrong reply with
/// question, answer, truth, program and the room from above (true objects green, named ones red).
/// It can be narrowed to a task and to a regime.
pub fn failures_page(cases: &[Case], runs: &[(&Judged, &[GivenRoom])]) -> String {
    let mut page =
        Page { cases, drawn: BTreeSet::new(), rooms: String::new(), cards: String::new() };
    let mut tasks: BTreeSet<&str> = BTreeSet::new();
    let mut regimes: BTreeSet<String> = BTreeSet::new();
    let mut count = 0;
    for (run, (judged, given)) in runs.iter().enumerate() {
        regimes.insert(judged.regime.to_string());
        for verdict in judged.verdicts.iter().filter(|verdict| !verdict.right) {
            let Some(question) = question_of(cases, verdict) else { continue };
            let Some(given) = given.get(verdict.room) else { continue };
            tasks.insert(question.task.name());
            page.card(run, judged, verdict, question, given);
            count += 1;
        }
    }
    let options = |names: Vec<String>| -> String {
        names.iter().map(|name| format!("<option>{}</option>", escaped(name))).collect()
    };
    let tasks = options(tasks.into_iter().map(str::to_owned).collect());
    let regimes = options(regimes.into_iter().collect());
    let Page { rooms, cards, .. } = page;
    format!(
        "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; \
         style-src 'unsafe-inline'; script-src 'unsafe-inline'\">\
         <title>Wrong answers</title><style>{STYLE}</style></head><body>\n\
         <header><h1>{count} wrong answers</h1>\
         <label>Task <select id=\"task\"><option value=\"\">all</option>{tasks}</select></label> \
         <label>Instances <select id=\"regime\"><option value=\"\">all</option>{regimes}</select>\
         </label></header>\n\
         <svg class=\"rooms\" aria-hidden=\"true\"><defs>\n{rooms}</defs></svg>\n\
         <main>\n{cards}</main>\n<script>{SCRIPT}</script></body></html>\n"
    )
}

struct Page<'a> {
    cases: &'a [Case],
    /// Rooms are drawn once and used by every card of theirs.
    drawn: BTreeSet<(usize, usize)>,
    rooms: String,
    cards: String,
}

impl Page<'_> {
    fn card(
        &mut self,
        run: usize,
        judged: &Judged,
        verdict: &Verdict,
        question: &Question,
        given: &GivenRoom,
    ) {
        let Some(case) = self.cases.get(verdict.room) else { return };
        let view = TopView::of(case, given);
        let id = format!("room-{run}-{}", verdict.room);
        if self.drawn.insert((run, verdict.room)) {
            self.rooms += &view.room(&id);
        }
        let said = if verdict.reply.steps_text.is_empty() {
            &verdict.reply.text
        } else {
            &verdict.reply.steps_text
        };
        let said = match (verdict.reply.unknown, said.is_empty()) {
            (true, _) => format!("{said} (says it cannot be told)"),
            (false, true) => "(nothing)".to_owned(),
            (false, false) => said.clone(),
        };
        let program = serde_json::to_string(&question.program).unwrap_or_default();
        let rows = [
            ("Question", question.text.clone()),
            ("Answer", said),
            ("Truth", question.answers.join(" / ")),
            ("Program", program),
        ];
        let rows: String = rows
            .iter()
            .map(|(name, text)| format!("<dt>{name}</dt><dd>{}</dd>", escaped(text)))
            .collect();
        // Writing to a string cannot fail.
        let _ = writeln!(
            self.cards,
            "<article data-task=\"{task}\" data-regime=\"{regime}\"><div><h2>{room}/{question} \
             <small>{task}, {regime}, {system}</small></h2><dl>{rows}</dl></div>{svg}</article>",
            task = escaped(question.task.name()),
            regime = judged.regime,
            system = judged.system,
            room = escaped(&case.name),
            question = escaped(&question.id),
            svg = view.marked(&id, case, &question.objects, &verdict.reply.objects),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{case, verdict};
    use crate::{Regime, Reply, SystemName};
    use scene::InstanceId;

    fn page(reply: Reply) -> String {
        let mut cases = [case()];
        cases[0].name = "a&b".to_owned();
        cases[0].questions[3].text = "Which <b>\"chair\"</b> is nearest?".to_owned();
        let given = [GivenRoom::of_truth(&cases[0].facts)];
        let verdicts = vec![
            verdict(&cases[0], 0, Regime::True, Reply { text: "2".to_owned(), ..Reply::default() }),
            verdict(&cases[0], 3, Regime::True, reply),
        ];
        let judged = Judged { regime: Regime::True, system: SystemName::Model, verdicts };
        failures_page(&cases, &[(&judged, &given)])
    }

    fn named(id: u32) -> Reply {
        let text = "</dd><script>alert(1)</script>".to_owned();
        Reply { text, objects: vec![InstanceId(id)], ..Reply::default() }
    }

    #[test]
    fn only_what_is_wrong_is_shown_and_all_text_is_escaped() {
        // The nearest chair is 2.
        let text = page(named(3));
        assert!(text.contains("<h1>1 wrong answers</h1>"));
        assert_eq!(text.matches("<article").count(), 1);
        assert!(text.contains("a&amp;b/q3"));
        assert!(text.contains("Which &lt;b&gt;&quot;chair&quot;&lt;/b&gt; is nearest?"));
        assert!(text.contains("&lt;/dd&gt;&lt;script&gt;alert(1)"));
        assert_eq!(text.matches("<script>").count(), 1, "our own");
        assert!(text.contains("{&quot;op&quot;:&quot;objects&quot;"));
        assert!(text.contains("<option>grounding</option>") && !text.contains("<option>qa<"));
        assert!(!text.contains("http:") && !text.contains("https:") && !text.contains("src="));
        assert!(page(named(2)).contains("<h1>0 wrong answers</h1>"));
    }

    #[test]
    fn the_room_is_drawn_with_what_is_true_and_what_was_named() {
        let text = page(named(3));
        assert_eq!(text.matches("id=\"room-0-0\"").count(), 1);
        assert_eq!(text.matches("href=\"#room-0-0\"").count(), 1);
        assert_eq!(text.matches("class=\"true\"").count(), 1);
        assert_eq!(text.matches("class=\"named\"").count(), 1);
        // Chair 3 is a metre wide round x = 6, from above.
        assert!(text.contains("class=\"named\" x=\"5.50\" y=\"-0.50\" width=\"1.00\""));
    }
}

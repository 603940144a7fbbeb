//! What is behind an answer: what the model looked at, and what it took.

use super::chat::mention;
use super::dom;
use crate::text;
use crate::words::t;
use protocol::{AskReport, Attention, Finish};
use scene::{InstanceId, System};
use web_sys::HtmlElement;

/// What the model looked at, as bars, with two sentences for who wonders what that means.
pub(super) fn looked_at(
    attention: &Attention,
    name: impl Fn(InstanceId) -> Option<String>,
) -> Option<HtmlElement> {
    let named = attention
        .objects
        .iter()
        .filter_map(|one| Some((mention(&name(one.id)?, &[one.id], "mention"), one.share)));
    let part = |words: &str| dom::element("span", "", words);
    let others = [
        (part(&t!("the scene as a whole")), attention.queries),
        (part(&t!("floor, walls, ceiling")), attention.layout),
        (part(&t!("the words")), attention.words),
    ];
    let details = dom::element("details", "looked", "")?;
    dom::append(&details, dom::element("summary", "", &t!("What the model looked at")).as_ref());
    let what =
        t!("Before each word the model weighs everything it was told: rows of numbers for each \
         object and for the scene, and the question's words. These are its weights, the mean \
         over all layers, as it chose the first object that it names, or its first word; they \
         show what it attended to, not why it answered so.");
    dom::append(&details, dom::element("p", "small", &what).as_ref());
    let list = dom::element("ul", "shares", "")?;
    for (name, share) in named.chain(others) {
        let row = dom::element("li", "", "")?;
        dom::append(&row, name.as_ref());
        let bar = dom::element("span", "share", "")?;
        dom::set_style(&bar, "--share", &format!("{:.1}%", 100.0 * share.clamp(0.0, 1.0)));
        dom::append(&row, Some(&bar));
        let percent = format!("{:.0} %", 100.0 * share.clamp(0.0, 1.0));
        dom::append(&row, dom::element("span", "percent", &percent).as_ref());
        dom::append(&list, Some(&row));
    }
    dom::append(&details, Some(&list));
    Some(details)
}

/// What was asked about, and how much of it the model was told.
fn extent(report: &AskReport) -> String {
    let points = text::count(u64::from(report.points));
    let objects = text::count(u64::from(report.instances));
    match report.told < report.instances {
        true => {
            let told = report.told;
            t!(
                "{points} points, {objects} objects, told of {told}",
                points = points,
                objects = objects,
                told = told
            )
        }
        false => t!("{points} points, {objects} objects", points = points, objects = objects),
    }
}

pub(super) fn took(report: &AskReport) -> Option<HtmlElement> {
    let details = dom::element("details", "took", "")?;
    let who = match report.system {
        System::Unified => String::new(),
        system => format!("{} · ", system.name()),
    };
    let summary = format!(
        "{who}{:.1} s · {:.0} tokens/s · {}",
        report.seconds.total, report.tokens_per_s, report.backend.lm
    );
    let ended = match report.finish {
        Finish::End => t!("by the model"),
        Finish::Length => t!("cut: an answer may be no longer"),
    };
    let summary = dom::element("summary", "", &summary)?;
    let hover =
        t!("{rate} tokens/s, ended {ended}", rate = report.tokens_per_s.round(), ended = ended);
    dom::set_attr(&summary, "title", &hover);
    dom::append(&details, Some(&summary));
    let list = dom::element("dl", "", "")?;
    let seconds = &report.seconds;
    let rows = [
        (t!("Reading the file"), format!("{:.2} s", seconds.parse)),
        (t!("Finding objects"), format!("{:.2} s · {}", seconds.segment, report.backend.segment)),
        (t!("Looking at them"), format!("{:.2} s · {}", seconds.encode, report.backend.encode)),
        (t!("First word after"), format!("{:.2} s · {}", seconds.first_token, report.backend.lm)),
        (t!("Ended"), ended),
        (t!("Scan"), extent(report)),
    ];
    for (term, value) in rows {
        dom::append(&list, dom::element("dt", "", &term).as_ref());
        dom::append(&list, dom::element("dd", "", &value).as_ref());
    }
    dom::append(&details, Some(&list));
    Some(details)
}

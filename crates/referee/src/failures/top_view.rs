use super::escape::escaped;
use crate::{Case, GivenRoom};
use scene::{Aabb, InstanceId};

/// A room from above, in metres, y up the page.
pub(super) struct TopView<'a> {
    given: &'a GivenRoom,
    /// As SVG has it: left, top, width, height.
    view_box: String,
}

/// Room round the outermost boxes.
const MARGIN_M: f32 = 0.3;

impl<'a> TopView<'a> {
    pub(super) fn of(case: &Case, given: &'a GivenRoom) -> Self {
        let truth = case.facts.objects.iter().map(|fact| fact.scanned);
        let boxes = given.objects.iter().map(|object| object.bounds).chain(truth);
        let all = boxes.filter(is_finite).fold(Aabb::EMPTY, |all, one| all.union(&one));
        let view_box = if is_finite(&all) {
            let size = all.size() + 2.0 * MARGIN_M;
            let (left, top) = (all.min.x - MARGIN_M, -all.max.y - MARGIN_M);
            format!("{left:.2} {top:.2} {:.2} {:.2}", size.x, size.y)
        } else {
            "0 0 1 1".to_owned()
        };
        Self { given, view_box }
    }

    /// The given objects with their names, to be used by this id; large things lie below.
    pub(super) fn room(&self, id: &str) -> String {
        let mut objects: Vec<_> =
            self.given.objects.iter().filter(|object| is_finite(&object.bounds)).collect();
        let area = |bounds: &Aabb| bounds.size().x * bounds.size().y;
        objects.sort_by(|a, b| area(&b.bounds).total_cmp(&area(&a.bounds)));
        let mut text = format!("<g id=\"{}\">", escaped(id));
        for object in &objects {
            text += &rectangle("", &object.bounds);
        }
        for object in &objects {
            let middle = object.bounds.centre();
            let label = object.label.as_deref().unwrap_or("object");
            text += &format!(
                "<text x=\"{:.2}\" y=\"{:.2}\">{} {}</text>",
                middle.x,
                -middle.y,
                escaped(label),
                object.id.0
            );
        }
        text + "</g>\n"
    }

    /// The room with the true objects and those named.
    pub(super) fn marked(
        &self,
        id: &str,
        case: &Case,
        truth: &[InstanceId],
        named: &[InstanceId],
    ) -> String {
        let places = truth.iter().filter_map(|id| case.facts.index_of(*id));
        let truth = places.map(|index| case.facts.objects[index].scanned);
        let named = named.iter().filter_map(|id| self.given.bounds_of(*id));
        let truth = truth.filter(is_finite).map(|bounds| rectangle("true", &bounds));
        let named = named.filter(is_finite).map(|bounds| rectangle("named", &bounds));
        let marks: String = truth.chain(named).collect();
        format!(
            "<svg viewBox=\"{}\" role=\"img\" aria-label=\"The room from above\">\
             <use href=\"#{}\"/>{marks}</svg>",
            self.view_box,
            escaped(id)
        )
    }
}

fn is_finite(bounds: &Aabb) -> bool {
    bounds.min.is_finite() && bounds.max.is_finite() && !bounds.is_empty()
}

fn rectangle(class: &str, bounds: &Aabb) -> String {
    let size = bounds.size();
    let class = if class.is_empty() { String::new() } else { format!(" class=\"{class}\"") };
    format!(
        "<rect{class} x=\"{:.2}\" y=\"{:.2}\" width=\"{:.2}\" height=\"{:.2}\"/>",
        bounds.min.x, -bounds.max.y, size.x, size.y
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Given;
    use crate::fixture::case;
    use tasks::facts::Facts;

    #[test]
    fn the_view_holds_all_boxes_and_a_margin() {
        // Unit cubes at x = 0, 3 and 6.
        let case = case();
        let given = GivenRoom::of_truth(&case.facts);
        assert_eq!(TopView::of(&case, &given).view_box, "-0.80 -0.80 7.60 1.60");
    }

    #[test]
    fn boxes_that_are_none_are_left_out() {
        let mut case = case();
        case.facts = Facts::of_boxes(Vec::new(), Vec::new());
        let id = InstanceId(1);
        let label = Some("<desk>".to_owned());
        let nowhere = Given { id, label, colour: None, bounds: Aabb::EMPTY };
        let given = GivenRoom { objects: vec![nowhere], ..GivenRoom::default() };
        let view = TopView::of(&case, &given);
        assert_eq!(
            (view.view_box.as_str(), view.room("r").as_str()),
            ("0 0 1 1", "<g id=\"r\"></g>\n")
        );
        assert!(!view.marked("r", &case, &[id], &[id]).contains("rect"));
    }
}

//! The view as a picture to keep.

use super::dom;
use super::labels::Drawn;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{Blob, CanvasRenderingContext2d, HtmlCanvasElement};

/// What is written over the points of a picture, CSS pixels.
pub(crate) struct Writing {
    pub(crate) labels: Vec<Drawn>,
    /// How long the bar of the scale is, and what it stands for.
    pub(crate) scale: (f32, String),
    /// Drawing-buffer pixels to a CSS pixel.
    pub(crate) ratio: f64,
    pub(crate) ink: String,
    pub(crate) paper: String,
}

/// What is done with a picture; `None` where it is larger than the browser can pack.
pub(crate) type OnPicture = Box<dyn FnOnce(Option<Blob>)>;

/// What the canvas shows, as a PNG; it must have been drawn in the same turn of the browser's clock.
pub(crate) fn take(canvas: &HtmlCanvasElement, writing: Option<&Writing>, then: OnPicture) {
    let copy = writing.and_then(|writing| written(canvas, writing));
    let done = Closure::once_into_js(move |png: Option<Blob>| then(png));
    let picture = copy.as_ref().unwrap_or(canvas);
    if let Err(error) = picture.to_blob(done.unchecked_ref()) {
        web_sys::console::error_1(&error);
    }
}

/// A copy with what is written over it; `None` where a second canvas cannot be had.
fn written(canvas: &HtmlCanvasElement, writing: &Writing) -> Option<HtmlCanvasElement> {
    let copy: HtmlCanvasElement = dom::element("canvas", "", "")?.dyn_into().ok()?;
    copy.set_width(canvas.width());
    copy.set_height(canvas.height());
    let context = copy.get_context("2d").ok()??.dyn_into::<CanvasRenderingContext2d>().ok()?;
    context.draw_image_with_html_canvas_element(canvas, 0.0, 0.0).ok()?;
    context.scale(writing.ratio, writing.ratio).ok()?;
    context.set_text_baseline("middle");
    for label in &writing.labels {
        let [x, y, width, height] = label.rect.map(f64::from);
        context.set_fill_style_str(&writing.paper);
        context.fill_rect(x, y, width, height);
        context.set_fill_style_str(label.accent.as_deref().unwrap_or(&writing.ink));
        context.fill_rect(x, y, 4.0, height);
        context.set_fill_style_str(&writing.ink);
        let line = height / label.lines.len().max(1) as f64;
        for (index, words) in label.lines.iter().enumerate() {
            context.set_font(if index == 0 { "600 13px sans-serif" } else { "13px sans-serif" });
            let middle = y + line * (index as f64 + 0.5);
            context.fill_text_with_max_width(words, x + 11.0, middle, width - 14.0).ok()?;
        }
    }
    let (length, words) = (f64::from(writing.scale.0), &writing.scale.1);
    let bottom = f64::from(copy.height()) / writing.ratio - 18.0;
    context.set_fill_style_str(&writing.ink);
    context.fill_rect(16.0, bottom, length, 3.0);
    context.set_font("13px sans-serif");
    context.fill_text(words, 16.0, bottom - 10.0).ok()?;
    Some(copy)
}

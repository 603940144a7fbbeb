use super::bus::{Bus, Msg};
use super::dom::{self, DomError, Place};
use super::hands::Hands;
use super::labels::{Label, Labels};
use super::picture::{self, OnPicture, Writing};
use super::scale::Scale;
use crate::palette;
use crate::text::Unit;
use gloo::events::{EventListener, EventListenerOptions};
use gloo::render::{AnimationFrame, request_animation_frame};
use scene::Aabb;
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use viewer::{
    Cloud, Gesture, Marks, POINT_BUDGET, SMALL_POINT_BUDGET, Side, Style, Theme, View, Viewport,
};
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{
    HtmlCanvasElement, HtmlElement, ResizeObserver, WebGl2RenderingContext, WebglLoseContext,
};

/// More drawing-buffer pixels than these are not worth their time.
const MAX_PIXEL_RATIO: f64 = 2.0;
/// Every WebGL2 device can draw as large as this.
const MAX_SIDE_PX: f64 = 2048.0;

/// The canvas with its view and its labels.
pub(crate) struct Stage {
    inner: Rc<Inner>,
    _hands: Hands,
    _listeners: Vec<EventListener>,
    _resized: Option<(ResizeObserver, Closure<dyn FnMut()>)>,
}

/// What the frame loop and the pointer share.
pub(crate) struct Inner {
    pub(crate) canvas: HtmlCanvasElement,
    place: Place,
    walk: HtmlElement,
    view: RefCell<Option<View>>,
    labels: RefCell<Labels>,
    scale: Scale,
    /// Whether hands walk through the scan instead of turning it.
    walks: Cell<bool>,
    frame: RefCell<Option<AnimationFrame>>,
    frames: Cell<u32>,
}

impl Stage {
    /// Sets the view up; without WebGL2 everything else still works.
    pub(crate) fn new(bus: &Bus) -> Result<Self, DomError> {
        let canvas: HtmlCanvasElement = bus.by_id("canvas")?;
        let view = context_of(&canvas).and_then(|gl| View::new(gl, theme(&bus.place)).ok());
        let no_view: HtmlElement = bus.by_id("no-view")?;
        dom::set_hidden(&no_view, view.is_some());
        let inner = Rc::new(Inner {
            place: bus.place.clone(),
            walk: bus.by_id("tool-walk")?,
            canvas,
            view: RefCell::new(view),
            labels: RefCell::new(Labels::new(bus.by_id("labels")?)),
            scale: Scale::new(bus)?,
            walks: Cell::new(false),
            frame: RefCell::new(None),
            frames: Cell::new(0),
        });
        let listeners = context_listeners(&inner);
        let resized = watch_size(&inner);
        inner.resize();
        let hands = Hands::new(&inner, bus);
        Ok(Self { inner, _hands: hands, _listeners: listeners, _resized: resized })
    }

    /// Shows a new cloud.
    pub(crate) fn show(&self, cloud: Cloud) {
        self.inner.with_view(|view| view.show(cloud));
    }

    /// The scene is known: moves the points into its frame.
    pub(crate) fn place(&self, positions: &[[f32; 3]], instances: &[u32], bounds: Aabb) {
        self.inner.with_view(|view| view.place(positions, instances, bounds));
    }

    /// Shows more or fewer points of the same scene.
    pub(crate) fn regrow(&self, cloud: Cloud) {
        self.inner.with_view(|view| view.regrow(cloud));
    }

    /// Puts points elsewhere.
    pub(crate) fn shift(&self, positions: &[[f32; 3]], instances: &[u32], bounds: Aabb) {
        self.inner.with_view(|view| view.shift(positions, instances, bounds));
    }

    /// Gives the points to other objects.
    pub(crate) fn relabel(&self, instances: &[u32]) {
        self.inner.with_view(|view| view.relabel(instances));
    }

    /// Marks objects and lines and names them.
    pub(crate) fn mark(&self, marks: Marks, labels: Vec<Label>) {
        self.inner.labels.borrow_mut().set(labels);
        self.inner.with_view(|view| view.mark(marks));
    }

    pub(crate) fn fit(&self, bounds: Option<&Aabb>) {
        self.inner.travel(|view| view.fit(bounds));
    }

    pub(crate) fn zoom(&self, factor: f32) {
        self.inner.follow(Gesture::Zoom { factor });
    }

    pub(crate) fn look_from(&self, side: Side) {
        self.inner.travel(|view| view.look_from(side));
    }

    pub(crate) fn go_home(&self) {
        self.inner.travel(View::go_home);
    }

    pub(crate) fn set_style(&self, style: Style) {
        self.inner.with_view(|view| view.set_style(style));
    }

    pub(crate) fn set_unit(&self, unit: Unit) {
        self.inner.scale.set_unit(unit);
        self.inner.draw_soon();
    }

    /// Round the points that are shown.
    pub(crate) fn bounds(&self) -> Option<Aabb> {
        self.inner.view.borrow().as_ref().and_then(View::bounds)
    }

    /// Hands walk through the scan, or turn it again.
    pub(crate) fn toggle_walk(&self) {
        let walks = !self.inner.walks.get();
        self.inner.walks.set(walks);
        dom::set_attr(&self.inner.walk, "aria-pressed", if walks { "true" } else { "false" });
        if walks {
            // Keys are for whoever has the focus.
            let _ = self.inner.canvas.focus();
        }
    }

    /// What is seen, with labels and scale or without.
    pub(crate) fn picture(&self, labelled: bool, then: OnPicture) {
        let inner = &self.inner;
        let mut view = inner.view.borrow_mut();
        let Some(view) = view.as_mut() else { return then(None) };
        view.draw_whole();
        let colour =
            |name: &str, other: &str| inner.place.css(name).unwrap_or_else(|| other.to_owned());
        let writing = labelled.then(|| Writing {
            labels: inner.labels.borrow().drawn(),
            scale: inner.scale.length(&view.pose(), view.viewport()),
            ratio: f64::from(inner.canvas.width()) / f64::from(view.viewport().width.max(1.0)),
            ink: colour("--ink", "#000000"),
            paper: colour("--card", "#ffffff"),
        });
        picture::take(&inner.canvas, writing.as_ref(), then);
    }

    /// Takes the page's colours anew.
    pub(crate) fn recolour(&self) {
        let theme = theme(&self.inner.place);
        self.inner.with_view(|view| view.set_theme(theme));
    }

    /// Whether the middles of all these boxes can be seen.
    pub(crate) fn sees(&self, boxes: &[Aabb]) -> bool {
        let view = self.inner.view.borrow();
        view.as_ref().is_none_or(|view| {
            let viewport = view.viewport();
            boxes.iter().all(|bounds| {
                view.pose().project(viewport, bounds.centre()).is_some_and(|on| {
                    (0.0..viewport.width).contains(&on.x) && (0.0..viewport.height).contains(&on.y)
                })
            })
        })
    }
}

impl Drop for Stage {
    fn drop(&mut self) {
        let frame = self.inner.frame.borrow_mut().take();
        drop(frame);
        if let Some((observer, _)) = &self._resized {
            observer.disconnect();
        }
        // A browser gives few contexts and takes its time to collect those that nobody has any more.
        let context = self.inner.canvas.get_context("webgl2").ok().flatten();
        let context = context.and_then(|context| context.dyn_into::<WebGl2RenderingContext>().ok());
        let loser = context.and_then(|gl| gl.get_extension("WEBGL_lose_context").ok()?);
        if let Some(loser) = loser {
            loser.unchecked_into::<WebglLoseContext>().lose_context();
        }
    }
}

impl Inner {
    /// Changes the view and draws it soon.
    fn with_view(self: &Rc<Self>, change: impl FnOnce(&mut View)) {
        if let Some(view) = self.view.borrow_mut().as_mut() {
            change(view);
        }
        self.draw_soon();
    }

    /// Goes elsewhere: smoothly, unless the person has asked for less motion.
    fn travel(self: &Rc<Self>, to: impl FnOnce(&mut View)) {
        let still = matches("(prefers-reduced-motion: reduce)");
        self.with_view(|view| {
            view.set_still(still);
            to(view);
        });
    }

    /// Whether hands walk through the scan instead of turning it.
    pub(crate) fn walks(&self) -> bool {
        self.walks.get()
    }

    pub(crate) fn follow(self: &Rc<Self>, gesture: Gesture) {
        self.with_view(|view| view.follow(gesture));
    }

    pub(crate) fn pick(&self, x: f32, y: f32) -> Option<viewer::Pick> {
        self.view.borrow().as_ref().and_then(|view| view.pick(x, y))
    }

    fn resize(self: &Rc<Self>) {
        let ratio = dom::window().map_or(1.0, |window| window.device_pixel_ratio());
        let (width, height) = (self.canvas.client_width(), self.canvas.client_height());
        let longest = f64::from(width.max(height).max(1));
        let ratio = ratio.clamp(0.5, MAX_PIXEL_RATIO).min(MAX_SIDE_PX / longest);
        let pixels = |css: i32| (f64::from(css.max(1)) * ratio).round() as u32;
        // Setting the size clears the canvas even where nothing changes.
        if self.canvas.width() != pixels(width) || self.canvas.height() != pixels(height) {
            self.canvas.set_width(pixels(width));
            self.canvas.set_height(pixels(height));
        }
        let viewport = Viewport { width: width.max(1) as f32, height: height.max(1) as f32 };
        self.with_view(|view| view.resize(viewport, ratio as f32));
    }

    fn draw_soon(self: &Rc<Self>) {
        let mut frame = self.frame.borrow_mut();
        if frame.is_none() {
            let this = self.clone();
            *frame = Some(request_animation_frame(move |now_ms| this.draw(now_ms / 1000.0)));
        }
    }

    fn draw(self: &Rc<Self>, now_s: f64) {
        let finished = self.frame.borrow_mut().take();
        drop(finished);
        let mut moving = false;
        if let Some(view) = self.view.borrow_mut().as_mut() {
            if view.is_dirty() {
                view.draw(now_s);
                self.frames.set(self.frames.get().wrapping_add(1));
                // Tests wait for a frame that holds what they did.
                dom::set_attr(&self.canvas, "data-frames", &self.frames.get().to_string());
                dom::set_attr(&self.canvas, "data-share", &view.share().to_string());
            }
            moving = view.is_dirty();
            self.labels.borrow_mut().place(&view.pose(), view.viewport());
            self.scale.place(&view.pose(), view.viewport());
        }
        if moving {
            self.draw_soon();
        }
    }
}

/// Rebuilds what a lost context took.
fn context_listeners(inner: &Rc<Inner>) -> Vec<EventListener> {
    let this = inner.clone();
    let may_prevent = EventListenerOptions::enable_prevent_default();
    let lost =
        EventListener::new_with_options(&inner.canvas, "webglcontextlost", may_prevent, move |e| {
            // Without this the browser never restores it.
            e.prevent_default();
            if let Some(view) = this.view.borrow_mut().as_mut() {
                view.lose();
            }
        });
    let this = inner.clone();
    let restored = EventListener::new(&inner.canvas, "webglcontextrestored", move |_| {
        let Some(gl) = context_of(&this.canvas) else { return };
        let mut rebuilt = Ok(());
        this.with_view(|view| rebuilt = view.restore(gl));
        if let Err(error) = rebuilt {
            web_sys::console::error_1(&error.to_string().into());
        }
    });
    vec![lost, restored]
}

fn watch_size(inner: &Rc<Inner>) -> Option<(ResizeObserver, Closure<dyn FnMut()>)> {
    let this = inner.clone();
    let on_resize = Closure::<dyn FnMut()>::new(move || this.resize());
    let observer = ResizeObserver::new(on_resize.as_ref().unchecked_ref()).ok()?;
    observer.observe(&inner.canvas);
    Some((observer, on_resize))
}

fn context_of(canvas: &HtmlCanvasElement) -> Option<WebGl2RenderingContext> {
    let options = web_sys::WebGlContextAttributes::new();
    options.set_alpha(false);
    options.set_antialias(true);
    canvas
        .get_context_with_context_options("webgl2", &options)
        .ok()??
        .dyn_into::<WebGl2RenderingContext>()
        .ok()
}

/// How many points this device is given to draw.
pub(crate) fn point_budget() -> usize {
    let is_phone = matches("(pointer: coarse) and (max-width: 900px)");
    if is_phone { SMALL_POINT_BUDGET } else { POINT_BUDGET }
}

/// Whether a media query holds.
fn matches(query: &str) -> bool {
    let window = dom::window().ok();
    let found = window.and_then(|window| window.match_media(query).ok()?);
    found.is_some_and(|query| query.matches())
}

/// The canvas's colours, from the style sheet.
fn theme(place: &Place) -> Theme {
    let read = |name: &str| palette::parse_hex(&place.css(name)?);
    Theme {
        background: read("--stage").unwrap_or([0.1, 0.11, 0.14]),
        line: read("--measure").unwrap_or([1.0, 0.8, 0.2]),
    }
}

impl Stage {
    /// The buttons at the view's edge.
    pub(crate) fn tools(bus: &Bus) -> Result<Vec<EventListener>, DomError> {
        let button = |id: &str, msg: fn() -> Msg| -> Result<EventListener, DomError> {
            let bus = bus.clone();
            let button: HtmlElement = bus.by_id(id)?;
            Ok(EventListener::new(&button, "click", move |_| bus.send(msg())))
        };
        Ok(vec![
            button("tool-fit", || Msg::Fit)?,
            button("tool-in", || Msg::Zoom(0.8))?,
            button("tool-out", || Msg::Zoom(1.25))?,
            button("tool-walk", || Msg::ToggleWalk)?,
        ])
    }
}

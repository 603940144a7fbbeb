use super::bus::{Bus, Msg};
use super::keys;
use super::objects::adds;
use super::stage::Inner;
use gloo::events::{EventListener, EventListenerOptions, EventListenerPhase};
use std::cell::RefCell;
use std::rc::Rc;
use viewer::Gesture;
use wasm_bindgen::JsCast;
use web_sys::{Event, KeyboardEvent, PointerEvent, WheelEvent};

/// A pointer that moved less than this, CSS pixels, has clicked.
const CLICK_PX: f32 = 5.0;
/// What lies under a resting pointer is looked up at most this often, milliseconds.
const HOVER_MS: f64 = 120.0;

/// Pointers, wheel and keys on the canvas, as gestures.
pub(crate) struct Hands {
    _listeners: Vec<EventListener>,
}

#[derive(Clone, Copy)]
struct Finger {
    id: i32,
    x: f32,
    y: f32,
}

#[derive(Default)]
struct Grip {
    fingers: Vec<Finger>,
    travelled_px: f32,
    slides: bool,
    hover_ms: f64,
    hovering: bool,
}

impl Grip {
    /// A finger moved to (`x`, `y`): what it does to the view.
    fn moved(&mut self, id: i32, x: f32, y: f32, walks: bool) -> Vec<Gesture> {
        let before = self.fingers.clone();
        let Some(finger) = self.fingers.iter_mut().find(|finger| finger.id == id) else {
            return Vec::new();
        };
        let (dx, dy) = (x - finger.x, y - finger.y);
        (finger.x, finger.y) = (x, y);
        self.travelled_px += dx.abs() + dy.abs();
        match (before.as_slice(), self.fingers.as_slice()) {
            ([_], [_]) if self.slides => vec![Gesture::Pan { dx, dy }],
            ([_], [_]) if walks => vec![Gesture::Look { dx: -dx, dy: -dy }],
            ([_], [_]) => vec![Gesture::Orbit { dx, dy }],
            ([a0, b0, ..], [a1, b1, ..]) => {
                let apart = |a: &Finger, b: &Finger| (a.x - b.x).hypot(a.y - b.y).max(1.0);
                // Two fingers share the slide: each moves the middle by half its way.
                vec![
                    Gesture::Pan { dx: dx / 2.0, dy: dy / 2.0 },
                    Gesture::Zoom { factor: apart(a0, b0) / apart(a1, b1) },
                ]
            }
            _ => Vec::new(),
        }
    }
}

impl Hands {
    pub(crate) fn new(stage: &Rc<Inner>, bus: &Bus) -> Self {
        let grip = Rc::new(RefCell::new(Grip::default()));
        let mut listeners = Vec::new();
        let mut on = |name: &'static str, act: Box<dyn Fn(&Event)>| {
            // Before the keys of other tools: while walking, letters are steps.
            let options = EventListenerOptions {
                phase: EventListenerPhase::Capture,
                ..EventListenerOptions::enable_prevent_default()
            };
            listeners.push(EventListener::new_with_options(
                &stage.canvas,
                name,
                options,
                move |e| {
                    act(e);
                },
            ));
        };
        on("pointerdown", press(stage, &grip));
        on("pointermove", drag(stage, &grip, bus));
        for end in ["pointerup", "pointercancel"] {
            on(end, release(stage, &grip, bus));
        }
        on("pointerleave", leave(&grip, bus));
        on("wheel", wheel(stage));
        on("keydown", key(stage, bus));
        on("contextmenu", Box::new(|event| event.prevent_default()));
        Self { _listeners: listeners }
    }
}

fn press(stage: &Rc<Inner>, grip: &Rc<RefCell<Grip>>) -> Box<dyn Fn(&Event)> {
    let (stage, grip) = (stage.clone(), grip.clone());
    Box::new(move |event| {
        let Some(event) = event.dyn_ref::<PointerEvent>() else { return };
        // A pointer that is already gone cannot be captured; nothing is lost then.
        let _ = stage.canvas.set_pointer_capture(event.pointer_id());
        let mut grip = grip.borrow_mut();
        if grip.fingers.is_empty() {
            grip.travelled_px = 0.0;
        }
        grip.slides = event.shift_key() || event.button() == 1 || event.button() == 2;
        let (x, y) = (event.offset_x() as f32, event.offset_y() as f32);
        grip.fingers.retain(|finger| finger.id != event.pointer_id());
        grip.fingers.push(Finger { id: event.pointer_id(), x, y });
    })
}

fn drag(stage: &Rc<Inner>, grip: &Rc<RefCell<Grip>>, bus: &Bus) -> Box<dyn Fn(&Event)> {
    let (stage, grip, bus) = (stage.clone(), grip.clone(), bus.clone());
    Box::new(move |event| {
        let Some(event) = event.dyn_ref::<PointerEvent>() else { return };
        let (x, y) = (event.offset_x() as f32, event.offset_y() as f32);
        let mut grip_now = grip.borrow_mut();
        if grip_now.fingers.is_empty() {
            let rests = event.time_stamp() - grip_now.hover_ms > HOVER_MS;
            if !rests || event.pointer_type() == "touch" {
                return;
            }
            grip_now.hover_ms = event.time_stamp();
            let under = stage.pick(x, y).and_then(|pick| pick.instance);
            let changed = under.is_some() || grip_now.hovering;
            grip_now.hovering = under.is_some();
            drop(grip_now);
            if changed {
                bus.send(Msg::Hover(under));
            }
            return;
        }
        let gestures = grip_now.moved(event.pointer_id(), x, y, stage.walks());
        drop(grip_now);
        for gesture in gestures {
            stage.follow(gesture);
        }
    })
}

fn release(stage: &Rc<Inner>, grip: &Rc<RefCell<Grip>>, bus: &Bus) -> Box<dyn Fn(&Event)> {
    let (stage, grip, bus) = (stage.clone(), grip.clone(), bus.clone());
    Box::new(move |event| {
        let Some(event) = event.dyn_ref::<PointerEvent>() else { return };
        let mut grip_now = grip.borrow_mut();
        grip_now.fingers.retain(|finger| finger.id != event.pointer_id());
        let clicked = event.type_() == "pointerup"
            && grip_now.fingers.is_empty()
            && grip_now.travelled_px < CLICK_PX
            && event.button() == 0;
        drop(grip_now);
        if clicked {
            let under = stage.pick(event.offset_x() as f32, event.offset_y() as f32);
            bus.send(Msg::Picked(under, adds(event)));
        }
    })
}

fn leave(grip: &Rc<RefCell<Grip>>, bus: &Bus) -> Box<dyn Fn(&Event)> {
    let (grip, bus) = (grip.clone(), bus.clone());
    Box::new(move |_| {
        let hovered = std::mem::take(&mut grip.borrow_mut().hovering);
        if hovered {
            bus.send(Msg::Hover(None));
        }
    })
}

fn wheel(stage: &Rc<Inner>) -> Box<dyn Fn(&Event)> {
    let stage = stage.clone();
    Box::new(move |event| {
        let Some(event) = event.dyn_ref::<WheelEvent>() else { return };
        event.prevent_default();
        let px_per_unit = match event.delta_mode() {
            WheelEvent::DOM_DELTA_LINE => 18.0,
            WheelEvent::DOM_DELTA_PAGE => 300.0,
            _ => 1.0,
        };
        let factor = (event.delta_y() * px_per_unit * 0.0012).clamp(-0.6, 0.6).exp();
        stage.follow(Gesture::Zoom { factor: factor as f32 });
    })
}

fn key(stage: &Rc<Inner>, bus: &Bus) -> Box<dyn Fn(&Event)> {
    let (stage, bus) = (stage.clone(), bus.clone());
    Box::new(move |event| {
        let Some(event) = event.dyn_ref::<KeyboardEvent>() else { return };
        if event.ctrl_key() || event.meta_key() || event.alt_key() {
            return;
        }
        const STEP: f32 = 28.0;
        let walks = stage.walks();
        let turn = |dx: f32, dy: f32| {
            let (dx, dy) = (dx * STEP, dy * STEP);
            match (event.shift_key(), walks) {
                (true, _) => Gesture::Pan { dx, dy },
                (_, true) => Gesture::Look { dx: -dx, dy: -dy },
                _ => Gesture::Orbit { dx, dy },
            }
        };
        if walks && let Some(step) = step(&event.code()) {
            event.prevent_default();
            // These letters are tools' elsewhere.
            event.stop_immediate_propagation();
            return stage.follow(step);
        }
        if let Some(key) = keys::of(event) {
            event.prevent_default();
            return bus.send((key.msg)());
        }
        let gesture = match event.key().as_str() {
            "ArrowLeft" => turn(1.0, 0.0),
            "ArrowRight" => turn(-1.0, 0.0),
            "ArrowUp" => turn(0.0, 1.0),
            "ArrowDown" => turn(0.0, -1.0),
            "+" | "=" => Gesture::Zoom { factor: 0.85 },
            "-" => Gesture::Zoom { factor: 1.18 },
            _ => return,
        };
        event.prevent_default();
        stage.follow(gesture);
    })
}

/// The step of a key while walking: by where it lies, so that it fits every layout of keys.
fn step(code: &str) -> Option<Gesture> {
    const STEP_M: f32 = 0.12;
    let [ahead, aside, up] = match code {
        "KeyW" => [1.0, 0.0, 0.0],
        "KeyS" => [-1.0, 0.0, 0.0],
        "KeyA" => [0.0, -1.0, 0.0],
        "KeyD" => [0.0, 1.0, 0.0],
        "KeyE" => [0.0, 0.0, 1.0],
        "KeyQ" => [0.0, 0.0, -1.0],
        _ => return None,
    };
    Some(Gesture::Walk { ahead_m: ahead * STEP_M, aside_m: aside * STEP_M, up_m: up * STEP_M })
}

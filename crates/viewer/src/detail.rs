/// A moving view is to have this many frames a second at least.
const SLOW_S: f64 = 1.0 / 25.0;
/// At such a pace more can be drawn; a screen that refreshes sixty times a second comes near it.
const QUICK_S: f64 = 1.0 / 55.0;
/// Less than this share is never drawn, or one would not see what one turns.
const LEAST: f32 = 0.1;
/// So long after the last movement everything is drawn again.
const SETTLE_S: f64 = 0.16;

/// How much of the cloud is drawn while the view moves, so that it moves smoothly; all of it at
/// rest. It goes by how fast the frames before came.
#[derive(Clone, Debug)]
pub struct Detail {
    share: f32,
    /// When the frame before began, if it moved too: a longer pause says nothing of the machine.
    before_s: Option<f64>,
    moved_s: Option<f64>,
    /// Whether the picture that stands there is not the whole.
    is_partial: bool,
}

impl Default for Detail {
    fn default() -> Self {
        Self { share: 1.0, before_s: None, moved_s: None, is_partial: false }
    }
}

impl Detail {
    /// What share of the points to draw now; nothing while the view has only just come to rest and
    /// a part of them stands there. `is_moving`: whether the view is another than in the frame
    /// before.
    pub fn share(&mut self, now_s: f64, is_moving: bool) -> Option<f32> {
        if is_moving {
            self.moved_s = Some(now_s);
            let took_s = self.before_s.replace(now_s).map(|before_s| now_s - before_s);
            self.share = match took_s {
                Some(s) if s > SLOW_S => (self.share * (SLOW_S / s).max(0.5) as f32).max(LEAST),
                Some(s) if s < QUICK_S => (self.share * 1.15).min(1.0),
                _ => self.share,
            };
            self.is_partial = self.share < 1.0;
            return Some(self.share);
        }
        self.before_s = None;
        let is_settling = self.moved_s.is_some_and(|moved_s| now_s - moved_s < SETTLE_S);
        if self.is_partial && is_settling {
            return None;
        }
        self.is_partial = false;
        Some(1.0)
    }

    /// Whether more is to be drawn although nothing moves.
    pub fn is_partial(&self) -> bool {
        self.is_partial
    }

    /// What share was drawn last.
    pub fn drawn(&self) -> f32 {
        if self.is_partial { self.share } else { 1.0 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Turns the view for so many frames, each taking `share × whole_s`; the share at the end.
    fn turned(detail: &mut Detail, frames: usize, whole_s: f64) -> f32 {
        let mut now_s = 100.0;
        let mut share = 1.0;
        for _ in 0..frames {
            share = detail.share(now_s, true).unwrap();
            now_s += f64::from(share) * whole_s;
        }
        share
    }

    #[test]
    fn a_slow_machine_draws_less_while_it_moves_and_all_at_rest() {
        let mut detail = Detail::default();
        let share = turned(&mut detail, 30, 0.4);
        assert!((0.04..=0.15).contains(&share), "{share}");
        let still_s = detail.moved_s.unwrap();
        assert!(detail.is_partial());
        assert_eq!(detail.drawn(), share);
        assert_eq!(detail.share(still_s + 0.05, false), None);
        assert_eq!(detail.share(still_s + 0.2, false), Some(1.0));
        assert!(!detail.is_partial());
        assert_eq!(detail.drawn(), 1.0);
    }

    #[test]
    fn the_slowest_machine_is_helped_most() {
        let share = turned(&mut Detail::default(), 30, 3.0);
        assert_eq!(share, LEAST);
    }

    #[test]
    fn a_quick_machine_always_draws_all() {
        let mut detail = Detail::default();
        assert_eq!(turned(&mut detail, 30, 0.016), 1.0);
        assert!(!detail.is_partial());
        assert_eq!(detail.share(0.0, false), Some(1.0), "a picture at rest is never put off");
    }

    #[test]
    fn what_was_slow_once_gets_better_again() {
        let mut detail = Detail::default();
        turned(&mut detail, 30, 0.4);
        assert_eq!(turned(&mut detail, 60, 0.01), 1.0);
    }

    #[test]
    fn a_pause_between_two_movements_is_no_slow_frame() {
        let mut detail = Detail::default();
        for step in 0..20 {
            assert_eq!(detail.share(f64::from(step), true), Some(1.0));
            assert_eq!(detail.share(f64::from(step) + 0.02, false), Some(1.0));
        }
    }
}

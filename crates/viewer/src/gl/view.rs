use super::lines::LinesPass;
use super::points::{PointsFrame, PointsPass};
use super::relief::{ReliefFrame, ReliefPass};
use crate::{
    Cloud, Colouring, Detail, Gesture, LineVertex, Marks, OrbitCamera, Pick, Pose, SeeThrough,
    Shown, Side, Style, Theme, Viewport, box_edges, pick, segment,
};
use scene::Aabb;
use std::sync::Arc;
use three_d::{ClearState, Context, CoreError, RenderTarget};
use web_sys::WebGl2RenderingContext as Gl;

/// How fast the rest of the scene dims, per second.
const DIM_RATE: f64 = 5.0;
/// How dark edges are drawn.
const RELIEF: f32 = 26.0;
/// How wide, CSS pixels.
const RELIEF_PX: f32 = 1.4;

/// Why there is no view.
#[derive(Debug, thiserror::Error)]
pub enum ViewError {
    /// The context was lost before or while the view was made.
    #[error("the graphics context was lost")]
    Lost,
    /// The driver refused.
    #[error("the 3D view could not be set up: {0}")]
    Gl(#[from] CoreError),
}

/// The view of one cloud on one canvas.
///
/// Nothing is drawn by itself: the page calls [`View::draw`] while [`View::is_dirty`] says so.
pub struct View {
    passes: Option<Passes>,
    cloud: Option<Cloud>,
    marks: Marks,
    theme: Theme,
    camera: OrbitCamera,
    viewport: Viewport,
    pixel_ratio: f32,
    style: Style,
    detail: Detail,
    dimming: f32,
    last_draw_s: Option<f64>,
    /// Whether the camera was moved by hand since the last frame.
    moved: bool,
    dirty: bool,
}

/// What dies with the context.
struct Passes {
    gl: Gl,
    context: Context,
    points: PointsPass,
    relief: ReliefPass,
    lines: LinesPass,
}

impl Passes {
    fn new(gl: Gl) -> Result<Self, ViewError> {
        // glow reads strings from the context and cannot cope with a lost one.
        if gl.is_context_lost() {
            return Err(ViewError::Lost);
        }
        let glow = three_d::context::Context::from_webgl2_context(gl.clone());
        #[allow(clippy::arc_with_non_send_sync, reason = "three-d asks for an Arc")]
        let context = Context::from_gl_context(Arc::new(glow))?;
        let points = PointsPass::new(&gl, &context)?;
        let relief = ReliefPass::new(&gl, &context)?;
        let lines = LinesPass::new(&context)?;
        Ok(Self { gl, context, points, relief, lines })
    }
}

impl View {
    /// A view on a canvas's context, with nothing to see yet.
    ///
    /// # Errors
    /// [`ViewError`] if the context is lost or refuses our programs.
    pub fn new(gl: Gl, theme: Theme) -> Result<Self, ViewError> {
        Ok(Self {
            passes: Some(Passes::new(gl)?),
            cloud: None,
            marks: Marks::default(),
            theme,
            camera: OrbitCamera::default(),
            viewport: Viewport { width: 1.0, height: 1.0 },
            pixel_ratio: 1.0,
            style: Style::default(),
            detail: Detail::default(),
            dimming: 0.0,
            last_draw_s: None,
            moved: false,
            dirty: true,
        })
    }

    /// Shows a new cloud, seen whole.
    pub fn show(&mut self, cloud: Cloud) {
        self.camera.reset(&cloud.bounds, cloud.up, None, self.viewport);
        self.marks = Marks::default();
        self.dimming = 0.0;
        self.cloud = Some(cloud);
        self.upload(PointsPass::set_cloud);
    }

    /// Moves the points shown into the scene's frame and names their objects; see
    /// [`Cloud::place`].
    pub fn place(&mut self, positions: &[[f32; 3]], instances: &[u32], bounds: Aabb) {
        if let Some(cloud) = &mut self.cloud {
            cloud.place(positions, instances, bounds);
            let from = cloud.open_side_rad();
            self.camera.reset(&cloud.bounds, cloud.up, from, self.viewport);
            self.upload(PointsPass::set_places);
        }
    }

    /// Puts points of a placed cloud elsewhere; see [`Cloud::place`]. The camera stays.
    pub fn shift(&mut self, positions: &[[f32; 3]], instances: &[u32], bounds: Aabb) {
        if let Some(cloud) = &mut self.cloud {
            cloud.place(positions, instances, bounds);
            self.upload(PointsPass::set_places);
        }
    }

    /// Shows more or fewer points of the same scene. The camera stays.
    pub fn regrow(&mut self, cloud: Cloud) {
        self.cloud = Some(cloud);
        self.upload(PointsPass::set_cloud);
    }

    /// Gives the points of a placed cloud to other objects; see [`Cloud::place`]. The camera stays.
    pub fn relabel(&mut self, instances: &[u32]) {
        if let Some(cloud) = &mut self.cloud {
            cloud.relabel(instances);
            self.upload(PointsPass::set_objects);
        }
    }

    /// Gives the GPU of the cloud what has changed.
    fn upload(&mut self, changed: fn(&mut PointsPass, &Cloud)) {
        if let (Some(passes), Some(cloud)) = (&mut self.passes, &self.cloud) {
            changed(&mut passes.points, cloud);
        }
        self.refresh_marks();
    }

    /// Lights objects, outlines boxes, draws lines; replaces what was marked before.
    pub fn mark(&mut self, marks: Marks) {
        if marks != self.marks {
            self.marks = marks;
            self.refresh_marks();
        }
    }

    fn refresh_marks(&mut self) {
        self.dirty = true;
        let Some(passes) = &mut self.passes else { return };
        passes.points.set_marks(&self.marks);
        let mut vertices: Vec<LineVertex> = Vec::new();
        for mark in self.marks.hovered.iter().chain(&self.marks.lit) {
            vertices.extend(box_edges(&mark.bounds, mark.colour));
        }
        for &[a, b] in &self.marks.lines {
            vertices.extend(segment(a, b, self.theme.line));
        }
        for ghost in &self.marks.ghosts {
            vertices.extend(box_edges(ghost, self.theme.line));
        }
        passes.lines.set(&vertices);
    }

    /// Takes the page's colours.
    pub fn set_theme(&mut self, theme: Theme) {
        self.theme = theme;
        self.refresh_marks();
    }

    /// Takes the canvas's size in CSS pixels, and how many drawing-buffer pixels make one of them.
    pub fn resize(&mut self, viewport: Viewport, pixel_ratio: f32) {
        if viewport != self.viewport || pixel_ratio != self.pixel_ratio {
            self.viewport = viewport;
            self.pixel_ratio = pixel_ratio;
            self.dirty = true;
        }
    }

    /// Follows a hand.
    pub fn follow(&mut self, gesture: Gesture) {
        self.camera.follow(gesture, self.viewport);
        self.moved = true;
        self.dirty = true;
    }

    /// Travels until the whole cloud is seen from one side.
    pub fn look_from(&mut self, side: Side) {
        if let Some(cloud) = &self.cloud {
            self.camera.look_from(side, &cloud.bounds, self.viewport);
            self.dirty = true;
        }
    }

    /// Travels back to where the cloud was first seen from.
    pub fn go_home(&mut self) {
        self.camera.go_home();
        self.dirty = true;
    }

    /// Travels until all of `bounds` can be seen; the whole cloud for `None`.
    pub fn fit(&mut self, bounds: Option<&Aabb>) {
        if let Some(bounds) = bounds.or(self.cloud.as_ref().map(|cloud| &cloud.bounds)) {
            self.camera.fit(bounds, self.viewport);
            self.dirty = true;
        }
    }

    /// Whether the camera jumps instead of travelling.
    pub fn set_still(&mut self, still: bool) {
        self.camera.still = still;
    }

    /// Draws the points otherwise.
    pub fn set_style(&mut self, style: Style) {
        if style != self.style {
            self.style = style;
            self.dirty = true;
        }
    }

    /// Round the points that are shown, in the cloud's frame.
    pub fn bounds(&self) -> Option<Aabb> {
        self.cloud.as_ref().map(|cloud| cloud.bounds)
    }

    fn hidden(&self) -> SeeThrough {
        match &self.cloud {
            // Before the scene is known, no point belongs to an object, and z may not be up.
            Some(cloud) if self.style.see_through && cloud.placed => {
                SeeThrough::of(&cloud.bounds, self.camera.pose().eye())
            }
            _ => SeeThrough::OFF,
        }
    }

    /// The camera now, to place labels with.
    pub fn pose(&self) -> Pose {
        self.camera.pose()
    }

    /// The canvas as last told.
    pub fn viewport(&self) -> Viewport {
        self.viewport
    }

    /// What lies under a point of the canvas, CSS pixels from its top left.
    pub fn pick(&self, x: f32, y: f32) -> Option<Pick> {
        let cloud = self.cloud.as_ref()?;
        let shown = Shown {
            pose: &self.camera.pose(),
            viewport: self.viewport,
            hidden: self.hidden(),
            style: &self.style,
            marks: &self.marks,
        };
        pick(cloud, &shown, x, y)
    }

    /// What share of the points the last frame drew.
    pub fn share(&self) -> f32 {
        self.detail.drawn()
    }

    /// Whether [`View::draw`] has something new to show.
    pub fn is_dirty(&self) -> bool {
        self.dirty && self.passes.is_some()
    }

    /// Draws one frame. Stays dirty while something moves, and until all is drawn.
    pub fn draw(&mut self, now_s: f64) {
        let is_moving = self.camera.step(now_s) | std::mem::take(&mut self.moved);
        self.dirty = self.fade(now_s) | is_moving;
        let Some(share) = self.detail.share(now_s, is_moving) else {
            self.dirty = true;
            return;
        };
        self.dirty |= self.detail.is_partial();
        self.draw_share(share);
    }

    /// Draws all of it at once, for a picture that is kept.
    pub fn draw_whole(&mut self) {
        self.draw_share(1.0);
    }

    fn draw_share(&mut self, share: f32) {
        let (pose, hidden) = (self.camera.pose(), self.hidden());
        let Some(passes) = &mut self.passes else { return };
        if passes.gl.is_context_lost() {
            return;
        }
        let (width, height) = (passes.gl.drawing_buffer_width(), passes.gl.drawing_buffer_height());
        let (width, height) = (width.max(0) as u32, height.max(0) as u32);
        let viewport = three_d::Viewport::new_at_origo(width, height);
        let reach_m = self.camera.reach_m();
        let clip_from_scene = pose.clip_from_scene(self.viewport, reach_m);
        let frame = PointsFrame {
            clip_from_scene,
            px_per_radian: Pose::px_per_radian(self.viewport) * self.pixel_ratio,
            pixel_ratio: self.pixel_ratio,
            hidden,
            dimming: self.dimming,
            style: &self.style,
            distance_m: pose.distance_m,
            share,
            theme: &self.theme,
            viewport,
        };
        let facing = self.style.colouring == Colouring::Facing;
        // Where a machine cannot keep up, the points themselves are worth more than their edges.
        let relief = self.style.relief && share == 1.0;
        let [r, g, b] = self.theme.background;
        if relief || facing {
            let relief = ReliefFrame {
                viewport,
                background: self.theme.background,
                near_far_m: pose.near_far_m(reach_m),
                half_picture: Pose::half_picture(self.viewport),
                scene_from_view: pose.scene_from_view(),
                strength: if relief { RELIEF } else { 0.0 },
                reach_px: RELIEF_PX * self.pixel_ratio,
                facing,
            };
            passes.relief.draw(&relief, || passes.points.draw(&frame));
        } else {
            let screen = RenderTarget::screen(&passes.context, width, height);
            screen.clear(ClearState::color_and_depth(r, g, b, 1.0, 1.0));
            passes.points.draw(&frame);
        }
        passes.lines.draw(clip_from_scene, 2.5 * self.pixel_ratio, viewport);
    }

    /// Moves the dimming towards its goal; true while it has not arrived.
    fn fade(&mut self, now_s: f64) -> bool {
        let goal = if self.marks.lit.is_empty() { 0.0 } else { 1.0 };
        let elapsed_s = self.last_draw_s.map_or(0.016, |last_s| (now_s - last_s).clamp(0.0, 0.1));
        let step = if self.camera.still { 1.0 } else { (elapsed_s * DIM_RATE) as f32 };
        self.dimming += (goal - self.dimming).clamp(-step, step);
        let moving = self.dimming != goal;
        self.last_draw_s = moving.then_some(now_s);
        moving
    }

    /// Forgets what died with a lost context. Cloud, marks and camera are kept.
    pub fn lose(&mut self) {
        self.passes = None;
    }

    /// Sets up again on a restored context.
    ///
    /// # Errors
    /// As [`View::new`].
    pub fn restore(&mut self, gl: Gl) -> Result<(), ViewError> {
        self.passes = Some(Passes::new(gl)?);
        self.upload(PointsPass::set_cloud);
        Ok(())
    }
}

use super::gl_mat3;
use crate::shaders::{RELIEF_FRAGMENT, RELIEF_VERTEX};
use glam::Mat3;
use three_d::{
    Blend, ClearState, Context, CoreError, Cull, DepthTest, DepthTexture2D, Interpolation, Program,
    RenderStates, RenderTarget, Texture2D, Vec2 as GlVec2, Viewport, Wrapping, WriteMask,
};
use web_sys::WebGl2RenderingContext as Gl;

/// Draws the points' picture on the screen, darker behind edges or coloured by where surfaces
/// face.
pub(super) struct ReliefPass {
    gl: Gl,
    context: Context,
    program: Program,
    picture: Option<Picture>,
}

/// What the points are drawn on first.
struct Picture {
    colour: Texture2D,
    depth: DepthTexture2D,
}

/// What changes from frame to frame.
pub(super) struct ReliefFrame {
    pub(super) viewport: Viewport,
    pub(super) background: [f32; 3],
    pub(super) near_far_m: [f32; 2],
    pub(super) half_picture: [f32; 2],
    pub(super) scene_from_view: Mat3,
    /// How dark an edge is; 0 for no relief.
    pub(super) strength: f32,
    /// How far the neighbours are that are looked at, drawing-buffer pixels.
    pub(super) reach_px: f32,
    pub(super) facing: bool,
}

impl ReliefPass {
    pub(super) fn new(gl: &Gl, context: &Context) -> Result<Self, CoreError> {
        Ok(Self {
            gl: gl.clone(),
            context: context.clone(),
            program: Program::from_source(context, RELIEF_VERTEX, RELIEF_FRAGMENT)?,
            picture: None,
        })
    }

    /// Draws `points` aside, then what they make on the screen, with their depths.
    pub(super) fn draw(&mut self, frame: &ReliefFrame, points: impl FnOnce()) {
        let Viewport { width, height, .. } = frame.viewport;
        if width == 0 || height == 0 {
            return;
        }
        let context = &self.context;
        let picture = match self.picture.take() {
            Some(picture) if picture.is_of(width, height) => picture,
            _ => Picture::new(context, width, height),
        };
        let [r, g, b] = frame.background;
        let aside = RenderTarget::new(
            picture.colour.as_color_target(None),
            picture.depth.as_depth_target(),
        );
        aside.clear(ClearState::color_and_depth(r, g, b, 1.0, 1.0));
        points();
        drop(aside);

        // Clearing binds what is cleared: what follows goes to the screen.
        RenderTarget::screen(context, width, height)
            .clear(ClearState::color_and_depth(r, g, b, 1.0, 1.0));
        let program = &self.program;
        program.use_texture("picture", &picture.colour);
        program.use_depth_texture("depths", &picture.depth);
        program.use_uniform("near_far", GlVec2::from(frame.near_far_m));
        program.use_uniform("half_picture", GlVec2::from(frame.half_picture));
        program.use_uniform("scene_from_view", gl_mat3(frame.scene_from_view));
        program.use_uniform("strength", frame.strength);
        program.use_uniform("reach", frame.reach_px);
        program.use_uniform("facing", f32::from(u8::from(frame.facing)));
        let states = RenderStates {
            write_mask: WriteMask::COLOR_AND_DEPTH,
            depth_test: DepthTest::Always,
            blend: Blend::Disabled,
            cull: Cull::None,
        };
        program.draw_with(states, frame.viewport, || self.gl.draw_arrays(Gl::TRIANGLES, 0, 3));
        self.picture = Some(picture);
    }
}

impl Picture {
    fn new(context: &Context, width: u32, height: u32) -> Self {
        let edge = Wrapping::ClampToEdge;
        let nearest = Interpolation::Nearest;
        Self {
            colour: Texture2D::new_empty::<[u8; 4]>(
                context, width, height, nearest, nearest, None, edge, edge,
            ),
            depth: DepthTexture2D::new::<f32>(context, width, height, edge, edge),
        }
    }

    fn is_of(&self, width: u32, height: u32) -> bool {
        (self.colour.width(), self.colour.height()) == (width, height)
    }
}

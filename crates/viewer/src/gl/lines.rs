use super::gl_mat4;
use crate::LineVertex;
use crate::shaders::{LINES_FRAGMENT, LINES_VERTEX};
use glam::Mat4;
use three_d::{
    Blend, Context, CoreError, Cull, DepthTest, Program, RenderStates, Vec2 as GlVec2,
    VertexBuffer, Viewport, WriteMask,
};

/// Boxes and measured lines.
pub(super) struct LinesPass {
    program: Program,
    here: VertexBuffer<[f32; 3]>,
    there: VertexBuffer<[f32; 3]>,
    side: VertexBuffer<f32>,
    colour: VertexBuffer<[f32; 3]>,
    count: u32,
}

impl LinesPass {
    pub(super) fn new(context: &Context) -> Result<Self, CoreError> {
        Ok(Self {
            program: Program::from_source(context, LINES_VERTEX, LINES_FRAGMENT)?,
            here: VertexBuffer::new(context),
            there: VertexBuffer::new(context),
            side: VertexBuffer::new(context),
            colour: VertexBuffer::new(context),
            count: 0,
        })
    }

    pub(super) fn set(&mut self, vertices: &[LineVertex]) {
        let column = |of: fn(&LineVertex) -> [f32; 3]| vertices.iter().map(of).collect::<Vec<_>>();
        self.here.fill(&column(|vertex| vertex.here.to_array()));
        self.there.fill(&column(|vertex| vertex.there.to_array()));
        self.colour.fill(&column(|vertex| vertex.colour));
        self.side.fill(&vertices.iter().map(|vertex| vertex.side).collect::<Vec<_>>());
        self.count = u32::try_from(vertices.len()).unwrap_or(0);
    }

    /// Full where nothing is in front, faint where points hide them: a box must be followed by eye
    /// all the way round.
    pub(super) fn draw(&self, clip_from_scene: Mat4, width_px: f32, viewport: Viewport) {
        self.draw_part(clip_from_scene, width_px, viewport, DepthTest::Greater, 0.28);
        self.draw_part(clip_from_scene, width_px, viewport, DepthTest::LessOrEqual, 1.0);
    }

    fn draw_part(
        &self,
        clip_from_scene: Mat4,
        width_px: f32,
        viewport: Viewport,
        depth_test: DepthTest,
        opacity: f32,
    ) {
        if self.count == 0 || viewport.width == 0 || viewport.height == 0 {
            return;
        }
        let program = &self.program;
        let half_width =
            GlVec2::new(width_px / viewport.width as f32, width_px / viewport.height as f32);
        program.use_uniform("clip_from_scene", gl_mat4(clip_from_scene));
        program.use_uniform("half_width", half_width);
        program.use_uniform("opacity", opacity);
        program.use_vertex_attribute("here", &self.here);
        program.use_vertex_attribute("there", &self.there);
        program.use_vertex_attribute("side", &self.side);
        program.use_vertex_attribute("colour", &self.colour);
        let states = RenderStates {
            write_mask: WriteMask::COLOR,
            depth_test,
            blend: Blend::TRANSPARENCY,
            cull: Cull::None,
        };
        program.draw_arrays(states, viewport, self.count);
    }
}

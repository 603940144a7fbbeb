use super::gl_mat4;
use crate::LineVertex;
use crate::shaders::{LINES_FRAGMENT, LINES_VERTEX};
use glam::Mat4;
use three_d::{
    Blend, BufferDataType, Context, CoreError, Cull, DepthTest, Program, RenderStates,
    Vec2 as GlVec2, VertexBuffer, Viewport, WriteMask,
};

/// Boxes and measured lines.
pub(super) struct LinesPass {
    context: Context,
    program: Program,
    vertices: Option<Vertices>,
}

/// Filled once, never again; see [`super`].
struct Vertices {
    here: VertexBuffer<[f32; 3]>,
    there: VertexBuffer<[f32; 3]>,
    side: VertexBuffer<f32>,
    colour: VertexBuffer<[f32; 3]>,
    count: u32,
}

impl LinesPass {
    pub(super) fn new(context: &Context) -> Result<Self, CoreError> {
        Ok(Self {
            context: context.clone(),
            program: Program::from_source(context, LINES_VERTEX, LINES_FRAGMENT)?,
            vertices: None,
        })
    }

    pub(super) fn set(&mut self, vertices: &[LineVertex]) {
        // Filling a buffer with nothing leaves it unbound, and drawing then is an error.
        self.vertices = (!vertices.is_empty()).then(|| Vertices::upload(&self.context, vertices));
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
        let Some(vertices) = &self.vertices else { return };
        if viewport.width == 0 || viewport.height == 0 {
            return;
        }
        let program = &self.program;
        let half_width =
            GlVec2::new(width_px / viewport.width as f32, width_px / viewport.height as f32);
        program.use_uniform("clip_from_scene", gl_mat4(clip_from_scene));
        program.use_uniform("half_width", half_width);
        program.use_uniform("opacity", opacity);
        program.use_vertex_attribute("here", &vertices.here);
        program.use_vertex_attribute("there", &vertices.there);
        program.use_vertex_attribute("side", &vertices.side);
        program.use_vertex_attribute("colour", &vertices.colour);
        let states = RenderStates {
            write_mask: WriteMask::COLOR,
            depth_test,
            blend: Blend::TRANSPARENCY,
            cull: Cull::None,
        };
        program.draw_arrays(states, viewport, vertices.count);
    }
}

impl Vertices {
    fn upload(context: &Context, vertices: &[LineVertex]) -> Self {
        fn column<T: BufferDataType>(
            context: &Context,
            vertices: &[LineVertex],
            of: impl Fn(&LineVertex) -> T,
        ) -> VertexBuffer<T> {
            VertexBuffer::new_with_data(context, &vertices.iter().map(of).collect::<Vec<_>>())
        }
        Self {
            here: column(context, vertices, |vertex| vertex.here.to_array()),
            there: column(context, vertices, |vertex| vertex.there.to_array()),
            side: column(context, vertices, |vertex| vertex.side),
            colour: column(context, vertices, |vertex| vertex.colour),
            count: u32::try_from(vertices.len()).unwrap_or(0),
        }
    }
}

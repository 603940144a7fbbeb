use super::{gl_mat4, gl_vec3};
use crate::marks::TABLE_WIDTH;
use crate::shaders::{POINTS_FRAGMENT, POINTS_VERTEX};
use crate::{Cloud, Marks, SeeThrough, Theme};
use glam::Mat4;
use three_d::{
    Blend, Context, CoreError, CpuTexture, Cull, DepthTest, Interpolation, Program, RenderStates,
    Texture2D, TextureData, Vec2 as GlVec2, VertexBuffer, Viewport, WriteMask,
};
use web_sys::WebGl2RenderingContext as Gl;

/// The cloud on the GPU, drawn as GL points.
///
/// three-d knows no point primitive; its program is set up as usual and the draw call itself is
/// ours, through [`Program::draw_with`].
pub(super) struct PointsPass {
    gl: Gl,
    context: Context,
    program: Program,
    positions: VertexBuffer<[f32; 3]>,
    colours: VertexBuffer<[u8; 4]>,
    instances: VertexBuffer<u16>,
    objects: Texture2D,
    count: i32,
    max_id: u16,
    spacing_m: f32,
}

/// What changes from frame to frame.
pub(super) struct PointsFrame<'a> {
    pub(super) clip_from_scene: Mat4,
    /// Drawing-buffer pixels that a metre takes at a metre's distance.
    pub(super) px_per_radian: f32,
    pub(super) pixel_ratio: f32,
    pub(super) hidden: SeeThrough,
    pub(super) dimming: f32,
    pub(super) by_object: bool,
    pub(super) theme: &'a Theme,
    pub(super) viewport: Viewport,
}

impl PointsPass {
    pub(super) fn new(gl: &Gl, context: &Context) -> Result<Self, CoreError> {
        Ok(Self {
            gl: gl.clone(),
            context: context.clone(),
            program: Program::from_source(context, POINTS_VERTEX, POINTS_FRAGMENT)?,
            positions: VertexBuffer::new(context),
            colours: VertexBuffer::new(context),
            instances: VertexBuffer::new(context),
            objects: object_table(context, &Marks::default(), 0),
            count: 0,
            max_id: 0,
            spacing_m: 0.01,
        })
    }

    pub(super) fn set_cloud(&mut self, cloud: &Cloud) {
        // New buffers, never filled again; see [`super`].
        self.positions = VertexBuffer::new_with_data(&self.context, &cloud.positions);
        self.colours = VertexBuffer::new_with_data(&self.context, &cloud.colours);
        self.instances = VertexBuffer::new_with_data(&self.context, &cloud.instances);
        self.count = i32::try_from(cloud.positions.len()).unwrap_or(i32::MAX);
        self.max_id = cloud.instances.iter().copied().max().unwrap_or(0);
        self.spacing_m = cloud.spacing();
        self.set_marks(&Marks::default());
    }

    pub(super) fn set_marks(&mut self, marks: &Marks) {
        self.objects = object_table(&self.context, marks, self.max_id);
    }

    pub(super) fn draw(&self, frame: &PointsFrame<'_>) {
        // Filling a buffer with nothing leaves it unbound, and drawing then is an error.
        if self.count == 0 {
            return;
        }
        let program = &self.program;
        program.use_uniform("clip_from_scene", gl_mat4(frame.clip_from_scene));
        program.use_uniform("point_scale", 1.5 * self.spacing_m * frame.px_per_radian);
        let (least, greatest) = (1.6 * frame.pixel_ratio, 22.0 * frame.pixel_ratio);
        program.use_uniform("size_range", GlVec2::new(least, greatest));
        program.use_uniform("hide_below", gl_vec3(frame.hidden.low));
        program.use_uniform("hide_above", gl_vec3(frame.hidden.high));
        program.use_uniform("dimming", frame.dimming);
        program.use_uniform("object_colours", f32::from(u8::from(frame.by_object)));
        program.use_uniform("background", three_d::Vec3::from(frame.theme.background));
        program.use_texture("objects", &self.objects);
        program.use_vertex_attribute("position", &self.positions);
        program.use_vertex_attribute("colour", &self.colours);
        program.use_vertex_attribute("instance", &self.instances);
        let states = RenderStates {
            write_mask: WriteMask::COLOR_AND_DEPTH,
            depth_test: DepthTest::Less,
            blend: Blend::Disabled,
            cull: Cull::None,
        };
        program.draw_with(states, frame.viewport, || {
            self.gl.draw_arrays(Gl::POINTS, 0, self.count);
        });
    }
}

fn object_table(context: &Context, marks: &Marks, max_id: u16) -> Texture2D {
    let table = marks.table(max_id);
    let height = table.len() as u32 / TABLE_WIDTH;
    let texture = CpuTexture {
        data: TextureData::RgbaU8(table),
        width: TABLE_WIDTH,
        height,
        min_filter: Interpolation::Nearest,
        mag_filter: Interpolation::Nearest,
        mipmap: None,
        ..Default::default()
    };
    Texture2D::new(context, &texture)
}

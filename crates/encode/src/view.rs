use crate::Error;
use crate::layers::{Linear, NORM_EPS};
use crate::weights::Weights;
use burn::tensor::activation::gelu;
use burn::tensor::{Tensor, module, ops::ConvOptions};
use views::CROP_CHANNELS;

/// Channels in, channels out, stride.
pub(crate) const CONVOLUTIONS: [(usize, usize, usize); 4] =
    [(CROP_CHANNELS, 24, 2), (24, 48, 2), (48, 96, 2), (96, 96, 1)];
pub(crate) const KERNEL: usize = 3;
const GROUPS: usize = 8;

/// `encode.view`: a small convolutional net on one crop.
pub(crate) struct ViewEncoder {
    stages: Vec<Stage>,
    out: Linear,
}

/// 3 × 3 convolution, GroupNorm, GELU.
struct Stage {
    kernel: Tensor<4>,
    bias: Tensor<1>,
    stride: usize,
    /// Per channel, (1, channels, 1).
    norm_weight: Tensor<3>,
    norm_bias: Tensor<3>,
}

impl ViewEncoder {
    pub(crate) fn load(at: &Weights, width: usize) -> Result<Self, Error> {
        let stage = |(i, shape)| Stage::load(at, i, shape);
        let last = CONVOLUTIONS[CONVOLUTIONS.len() - 1].1;
        Ok(Self {
            stages: CONVOLUTIONS.into_iter().enumerate().map(stage).collect::<Result<_, _>>()?,
            out: Linear::load(&at.at("out"), last, width)?,
        })
    }

    /// crops (b, 4, 32, 32) in −1..1 → (b, 128)
    pub(crate) fn forward(&self, crops: Tensor<4>) -> Tensor<2> {
        let x = self.stages.iter().fold(crops, |x, stage| stage.forward(x)); // (b, 96, 4, 4)
        let [b, channels, height, width] = x.dims();
        let mean = x.reshape([b, channels, height * width]).mean_dim(2).reshape([b, channels]);
        self.out.forward(mean)
    }
}

impl Stage {
    fn load(at: &Weights, i: usize, shape: (usize, usize, usize)) -> Result<Self, Error> {
        let (channels_in, channels, stride) = shape;
        let (conv, norm) = (at.at(&format!("conv.{i}")), at.at(&format!("norm.{i}")));
        let per_channel = |name| -> Result<Tensor<3>, Error> {
            Ok(norm.at(name).tensor([channels])?.reshape([1, channels, 1]))
        };
        Ok(Self {
            kernel: conv.at("weight").tensor([channels, channels_in, KERNEL, KERNEL])?,
            bias: conv.at("bias").tensor([channels])?,
            stride,
            norm_weight: per_channel("weight")?,
            norm_bias: per_channel("bias")?,
        })
    }

    /// (b, in, h, w) → (b, out, h/stride, w/stride)
    fn forward(&self, x: Tensor<4>) -> Tensor<4> {
        let options = ConvOptions::new([self.stride; 2], [KERNEL / 2; 2], [1; 2], 1);
        let x = module::conv2d(x, self.kernel.clone(), Some(self.bias.clone()), options);
        let [b, channels, height, width] = x.dims();
        let grouped = x.reshape([b, GROUPS, channels / GROUPS * height * width]);
        let centred = grouped.clone() - grouped.mean_dim(2);
        let variance = centred.clone().square().mean_dim(2);
        let x = centred / (variance + NORM_EPS).sqrt();
        let x = x.reshape([b, channels, height * width]);
        let x = x * self.norm_weight.clone() + self.norm_bias.clone();
        gelu(x).reshape([b, channels, height, width])
    }
}

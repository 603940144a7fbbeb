use crate::chat::ChatTemplate;
use crate::tensors::{Tensor, Tensors};
use crate::tokenizer::{ByteLevelBpe, PreTokenizer, byte_names};
use crate::{LmConfig, Result, TextWeights};
use half::f16;
use kernels::{GROUP, Packed, Q4, Q8};
use std::sync::Arc;

/// The largest weight of a matrix of `cols` inputs: outputs are about as large as inputs then.
fn largest(cols: usize) -> f32 {
    1.7 / (cols as f32).sqrt()
}

impl TextWeights {
    /// A model of these dimensions that says nothing, as fast as a real one: 4-bit weights, the vocabulary in 8 bits, any
    /// values. For measurements.
    ///
    /// # Errors
    /// Where the dimensions are no multiples of what is packed together.
    pub fn random(config: LmConfig, seed: u64) -> Result<Self> {
        let LmConfig { width: d, heads, kv_heads, head_dim: e, ff, vocab, layers, .. } = config;
        let mut words = Words(seed);
        let mut tensors = Tensors::default();
        let ones: Arc<[f32]> = vec![1.0; d].into();
        let norm = || Tensor::Plain { shape: vec![d], values: Arc::clone(&ones) };
        let packed = |packed| Tensor::Packed(Arc::new(packed));
        tensors.put("lm.embed.weight".to_owned(), packed(words.q8(vocab, d)?));
        tensors.put("lm.norm.weight".to_owned(), norm());
        for layer in 0..layers {
            let name = |part: &str| format!("lm.layers.{layer}.{part}.weight");
            tensors.put(name("attn_norm"), norm());
            tensors.put(name("ffn_norm"), norm());
            let matrices = [
                ("attn.q", heads * e, d),
                ("attn.k", kv_heads * e, d),
                ("attn.v", kv_heads * e, d),
                ("attn.o", d, heads * e),
                ("ffn.gate", ff, d),
                ("ffn.up", ff, d),
                ("ffn.down", d, ff),
            ];
            for (part, rows, cols) in matrices {
                tensors.put(name(part), packed(words.q4(rows, cols)?));
            }
        }
        let tokenizer = ByteLevelBpe::from_vocabulary(&byte_names(), &[], PreTokenizer::Gpt2)?;
        let chat = ChatTemplate::default();
        Ok(Self { config, tensors, tokenizer, chat, end: None, begin: None })
    }
}

/// Random words, by PCG's multiplier.
struct Words(u64);

impl Words {
    fn next(&mut self) -> u32 {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 32) as u32
    }

    fn q4(&mut self, rows: usize, cols: usize) -> Result<Packed> {
        let words = (0..rows * cols / 8).map(|_| self.next()).collect();
        let scale = f16::from_f32(largest(cols) / 8.0);
        let scales = vec![scale; rows * cols / GROUP];
        Ok(Packed::Q4(Q4::new(rows, cols, words, scales)?))
    }

    fn q8(&mut self, rows: usize, cols: usize) -> Result<Packed> {
        let q = (0..rows * cols).map(|_| (self.next() >> 24) as u8 as i8).collect();
        let scale = f16::from_f32(largest(cols) / 127.0);
        let scales = vec![scale; rows * cols / GROUP];
        Ok(Packed::Q8(Q8::new(rows, cols, q, scales)?))
    }
}

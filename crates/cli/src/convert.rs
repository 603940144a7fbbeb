//! `scanwise convert`: trained weights, or a GGUF file, into a model folder, with a parity check.

use crate::Ended;
use lm::convert::{Agreement, Case, Trained, agreement, pack, pack_text, tensor_errors};
use lm::{Anything, Decoder, Feed, Piece, Processor, TextModel, TextWeights, Tokenizer, Weights};
use scene::ScenePrefix;
use std::path::Path;

/// Answers of the check are cut here.
const MOST_TOKENS: usize = 40;

pub(crate) fn run(from: &Path, to: &Path) -> Ended {
    if from.is_file() {
        return of_gguf(from, to);
    }
    let read = |name: &str| {
        let path = from.join(name);
        std::fs::read(&path).map_err(|error| format!("{}: {error}", path.display()))
    };
    let trained = Trained::parse(
        &read("config.json")?,
        &read("weights.safetensors")?,
        &read("tokenizer.json")?,
    )?;
    let folder = pack(&trained)?;
    write(to, &folder.json()?, &folder.files)?;

    let packed = folder.load()?;
    for error in tensor_errors(&trained, &packed)?.iter().take(5) {
        eprintln!(
            "  rms error {:.4}, worst {:.4}: {}",
            error.relative_rms, error.relative_max, error.name
        );
    }
    if let Some(found) = sample_agreement(&trained, &packed)? {
        eprintln!(
            "  same next token at {:.2} % of {} positions of the sample room's answers; {} clear \
             misses; largest logit error {:.3}",
            100.0 * found.share(),
            found.positions,
            found.clear_misses,
            found.largest_logit_error
        );
    }
    Ok(())
}

/// Writes a folder in place of what was there.
fn write(to: &Path, json: &[u8], files: &[(String, Vec<u8>)]) -> Ended {
    std::fs::create_dir_all(to)?;
    for entry in std::fs::read_dir(to)? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "safetensors") {
            std::fs::remove_file(path)?;
        }
    }
    for (name, bytes) in files {
        std::fs::write(to.join(name), bytes)?;
    }
    std::fs::write(to.join("model.json"), json)?;
    let bytes: usize = files.iter().map(|(_, bytes)| bytes.len()).sum();
    eprintln!("{}: {} files, {:.2} MiB", to.display(), files.len() + 1, mib(bytes));
    Ok(())
}

/// A GGUF file as a folder of ours: the same weights in shards, then what both say.
fn of_gguf(from: &Path, to: &Path) -> Ended {
    const CONTEXT: usize = 4096;
    let weights = crate::text_files::gguf(from, CONTEXT)?;
    let name = from.file_stem().unwrap_or_default().to_string_lossy();
    let folder = pack_text(&name, &weights)?;
    write(to, &folder.json()?, &folder.files)?;
    let again = crate::text_files::folder(to)?;
    let [first, second] = [&weights, &again].map(said);
    let (first, second) = (first?, second?);
    let same = first.iter().zip(&second).take_while(|(a, b)| a == b).count();
    eprintln!("  {same} of {} tokens the same, said by the file and by the folder", first.len());
    match same == first.len() {
        true => Ok(()),
        false => Err("the folder does not say what the file says".into()),
    }
}

/// Some tokens, the likeliest each time.
fn said(weights: &TextWeights) -> Result<Vec<u32>, lm::Error> {
    pollster::block_on(async {
        let mut model = TextModel::new(weights, Processor::Cpu).await?;
        let mut tokens = weights.tokenizer().encode("The room is")?;
        let last = tokens.pop().unwrap_or_default();
        if !tokens.is_empty() {
            model.read(&tokens).await?;
        }
        let (mut said, mut token) = (Vec::new(), last);
        while said.len() < MOST_TOKENS {
            token = model.read_greedily(token).await?;
            said.push(token);
        }
        Ok(said)
    })
}

fn mib(bytes: usize) -> f64 {
    bytes as f64 / f64::from(1 << 20)
}

/// How the packed and the trained weights agree on the sample room, if that is at hand.
fn sample_agreement(
    trained: &Trained,
    packed: &Weights,
) -> Result<Option<Agreement>, Box<dyn std::error::Error>> {
    let Ok(bytes) = std::fs::read("samples/room.ply") else { return Ok(None) };
    let scene = segment::segment(ply::read(&bytes)?, &segment::Options::default())?;
    pollster::block_on(async {
        let config = engine::encoder_config(packed.manifest());
        let tensors = |name: &str| packed.tensor_f32(name);
        let encoder = encode::Encoder::load(&tensors, &config, encode::EncodeDevice::Flex).await?;
        let mut work = encoder.start(&scene, None)?;
        let prefix = loop {
            if let encode::EncodeStep::Done(encoded) = work.step().await? {
                break encoded.prefix;
            }
        };
        let cases = cases(packed, &prefix).await?;
        Ok(Some(agreement(trained, packed, &cases).await?))
    })
}

/// Questions about a scene with the packed model's own answers.
async fn cases(packed: &Weights, prefix: &ScenePrefix) -> Result<Vec<Case>, lm::Error> {
    const QUESTIONS: [&str; 6] = [
        "How many chairs are there?",
        "What colour is the sofa?",
        "Which object is nearest to the table?",
        "How far is the sofa from the table?",
        "Where is the lamp?",
        "Is there a bed?",
    ];
    let mut decoder = Decoder::new(packed, Processor::CpuPlain).await?;
    let specials = packed.manifest().specials()?;
    let mut progress = decoder.set_prefix(prefix)?;
    while !progress.is_complete() {
        progress = decoder.prefill_step().await?;
    }
    let mut cases = Vec::new();
    for question in QUESTIONS {
        let mut feeds = vec![Feed::Token(specials.user)];
        feeds.extend(decoder.tokenizer().encode(question)?.into_iter().map(Feed::Token));
        feeds.push(Feed::Token(specials.assistant));
        decoder.ask(&[Piece::Text(question)]).await?;
        for _ in 0..MOST_TOKENS {
            decoder.next(&mut Anything).await?;
            let Some(feed) = decoder.owed() else { break };
            feeds.push(feed);
        }
        cases.push(Case { prefix: prefix.clone(), feeds });
    }
    Ok(cases)
}

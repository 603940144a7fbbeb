//! `scanwise ask`.

use crate::Ended;
use crate::album::Folder;
use crate::host::Terminal;
use crate::reading::ReadingOptions;
use crate::source::OnDisk;
use clap::Args;
use encode::Construction;
use engine::Engine;
use protocol::{BackendChoice, JobId, Question, Seconds};
use scene::System;
use std::path::{Path, PathBuf};

#[derive(Args)]
pub(crate) struct Options {
    /// The scan, a PLY file.
    scan: PathBuf,
    /// The question, in plain words.
    question: String,
    #[command(flatten)]
    reading: ReadingOptions,
    #[command(flatten)]
    model: ModelOptions,
    /// Who is to answer: unified, inst3d, llm3d or spatial.
    #[arg(long, value_parser = crate::compare::of_key, default_value = "unified")]
    system: System,
    /// A folder of photographs of the scan with their poses, to look at the objects on.
    #[arg(long)]
    photos: Option<PathBuf>,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

/// Which model, and where it runs.
#[derive(Args)]
pub(crate) struct ModelOptions {
    /// The model's folder.
    #[arg(long, default_value = "quantized-models/scanwise-s")]
    pub(crate) model: PathBuf,
    /// How features of views come to points for 3D-LLM's rows: direct, fusion or field.
    #[arg(long, value_parser = construction_of, default_value = "direct")]
    construction: Construction,
    /// Run on the CPU.
    #[arg(long, conflicts_with = "gpu")]
    cpu: bool,
    /// Run on the GPU.
    #[arg(long)]
    gpu: bool,
}

fn construction_of(key: &str) -> Result<Construction, String> {
    Construction::from_key(key).ok_or_else(|| "there are direct, fusion and field".to_owned())
}

impl ModelOptions {
    fn backend(&self) -> BackendChoice {
        match (self.cpu, self.gpu) {
            (true, _) => BackendChoice::Cpu,
            (_, true) => BackendChoice::Gpu,
            _ => BackendChoice::Auto,
        }
    }

    /// Whether a GPU was asked for.
    pub(crate) fn wants_gpu(&self) -> bool {
        self.gpu
    }

    /// An engine with the model loaded.
    pub(crate) fn engine(&self) -> Result<Engine<Terminal>, Box<dyn std::error::Error>> {
        self.engine_of(&self.model)
    }

    /// The same with another model.
    pub(crate) fn engine_of(
        &self,
        model: &Path,
    ) -> Result<Engine<Terminal>, Box<dyn std::error::Error>> {
        let name = model.file_name().and_then(|name| name.to_str()).ok_or("--model: no folder")?;
        let models = model.parent().unwrap_or(Path::new(""));
        if models.file_name().is_some_and(|folder| folder != "quantized-models") {
            return Err("a model must be a folder within a folder `quantized-models`".into());
        }
        let root = models.parent().unwrap_or(Path::new("")).to_owned();
        let mut engine = Engine::new(Terminal::new(root));
        engine.set_construction(self.construction);
        pollster::block_on(engine.load_model(JobId(1), name, self.backend()))?;
        Ok(engine)
    }
}

pub(crate) fn run(options: &Options) -> Ended {
    let source = OnDisk::open(&options.scan)?;
    let name = options.scan.display().to_string();
    let mut engine = options.model.engine()?;
    let album = options.photos.as_deref().map(Folder::open).transpose()?;
    let asked = pollster::block_on(async {
        engine.open_scan(JobId(2), name, source, options.reading.chosen()?).await?;
        if let Some(album) = album {
            engine.take_photos(JobId(3), album).await?;
        }
        let question =
            Question { system: options.system, ..Question::from(options.question.as_str()) };
        engine.ask(JobId(4), &question).await
    })?;
    let report = asked.report;
    let said = engine.host().take();
    if options.json {
        println!("{}", serde_json::to_string(&report)?);
        return Ok(());
    }
    println!("{}", report.answer);
    for object in &report.objects {
        eprintln!("  {} {} ({:.0} %)", object.label, object.id, 100.0 * object.score);
    }
    for warning in said.scene.iter().flat_map(|scene| &scene.warnings) {
        eprintln!("  note: {}", warning.message);
    }
    let Seconds { parse, segment, encode, first_token, total, .. } = report.seconds;
    eprintln!(
        "  read {parse:.2} s, objects {segment:.2} s, looked {encode:.2} s; first token \
         {first_token:.2} s, answer {total:.2} s ({:.0} tokens/s on {})",
        report.tokens_per_s, report.backend.lm
    );
    Ok(())
}

//! `scanwise`: the page's pipeline on the command line, and what training and the referee need.
//!
//! JSON alone goes to stdout; bars and words go to stderr. Exit 0 fine, 1 failed, 2 bad usage.

mod album;
mod ask;
mod bench;
mod compare;
mod convert;
mod eval;
mod features;
mod host;
mod reading;
mod segment_command;
mod source;
mod text_files;

use clap::{Parser, Subcommand};
use std::error::Error;
use std::path::PathBuf;
use std::process::ExitCode;

#[derive(Parser)]
#[command(version, about = "Ask your 3D scan.")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Ask a question about a scan.
    Ask(ask::Options),
    /// Ask several systems the same question about a scan.
    Compare(compare::Options),
    /// Find the objects of a scan.
    Segment(segment_command::Options),
    /// Write training shards from a suite of rooms.
    Features {
        /// The suite's folder.
        suite: PathBuf,
        /// The folder for the shards.
        out: PathBuf,
    },
    /// Judge a model on a suite of rooms: the referee's table.
    Eval(eval::Options),
    /// Measure speeds on this machine.
    Bench(bench::Options),
    /// Pack safetensors, or a GGUF file, into a model folder, with a parity check.
    Convert {
        /// A folder with `weights.safetensors`, `config.json` and `tokenizer.json`, or a GGUF file of Llama's or Qwen2's kind.
        from: PathBuf,
        /// The model folder to write.
        to: PathBuf,
    },
}

/// Any error a command may end with; its text is for the person.
type Ended = Result<(), Box<dyn Error>>;

fn main() -> ExitCode {
    let done = match Arguments::parse().command {
        Command::Ask(options) => ask::run(&options),
        Command::Compare(options) => compare::run(&options),
        Command::Segment(options) => segment_command::run(&options),
        Command::Features { suite, out } => features::run(&suite, &out).map_err(Into::into),
        Command::Eval(options) => eval::run(&options),
        Command::Bench(options) => bench::run(&options),
        Command::Convert { from, to } => convert::run(&from, &to),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

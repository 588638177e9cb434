//! Training of a provider's dictionary, out of its golden webhooks.

use std::{fs, io, path::PathBuf};

use jiff::Timestamp;
use labgate::{plugins::Plugin, store};

use crate::signer::Signer;

/// What `train` is told.
#[derive(Debug, clap::Args)]
pub struct Train {
    /// The provider
    provider: String,
    /// The folder of its golden webhooks
    goldens: PathBuf,
    /// Where to put the dictionary
    dictionary: PathBuf,
    /// Its size in bytes at most
    #[arg(long, default_value_t = 16 * 1024)]
    bytes: usize,
}

/// Trains a dictionary and writes it.
pub fn train(options: &Train) -> io::Result<bool> {
    let (signer, _) = Signer::draw();
    let plugin = signer.named(&options.provider);
    let plugin = plugin.ok_or_else(|| io::Error::other("no such provider"))?;
    let mut paths: Vec<PathBuf> = Vec::new();
    for entry in fs::read_dir(&options.goldens)? {
        paths.push(entry?.path());
    }
    // Only bodies are archived: no meanings, no scripts, no heads of requests.
    let others = [".notices.json", ".fetch.json", ".poll.json", ".http"];
    paths.retain(|path| !others.iter().any(|other| path.to_string_lossy().ends_with(other)));
    paths.sort();
    let mut samples = Vec::new();
    for path in paths {
        samples.extend(sample(plugin, &compact(&fs::read(path)?)));
    }
    let dictionary = zstd::dict::from_samples(&samples, options.bytes)?;
    fs::write(&options.dictionary, dictionary)?;
    Ok(true)
}

fn sample(plugin: &Plugin, body: &[u8]) -> Vec<Vec<u8>> {
    let message_id = "msg_2yNbTrainingOfTheDictionary1";
    store::sample(Signer::read(plugin, message_id, body, Timestamp::now()))
}

/// `json` without white space between its parts: goldens are written for people.
fn compact(json: &[u8]) -> Vec<u8> {
    let (mut inside, mut escaped) = (false, false);
    let keep = |byte: &u8| {
        let keep = inside || !byte.is_ascii_whitespace();
        if *byte == b'"' && !escaped {
            inside = !inside;
        }
        escaped = inside && *byte == b'\\' && !escaped;
        keep
    };
    json.iter().copied().filter(keep).collect()
}

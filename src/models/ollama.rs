//! Ollama's store: `manifests/HOST/NAMESPACE/MODEL/TAG` are JSON files that name `blobs/sha256-HEX`.

use std::{
    fs,
    path::{Path, PathBuf},
};

use serde::Deserialize;

use super::{
    FoundModel, Place,
    walk::{Walk, small_file},
};

/// The layer that is the GGUF file.
const MODEL: &str = "application/vnd.ollama.image.model";
/// Folders and file of a manifest's path.
const DEPTH: usize = 4;

#[derive(Deserialize)]
struct Manifest {
    layers: Vec<Layer>,
}

#[derive(Deserialize)]
struct Layer {
    #[serde(rename = "mediaType")]
    media_type: String,
    digest: String,
}

/// The models in the store `folder`.
pub(super) fn find(folder: &Path) -> Vec<FoundModel> {
    let manifests = folder.join("manifests");
    let blobs = folder.join("blobs");
    let model = |path: PathBuf| {
        let name = name(path.strip_prefix(&manifests).ok()?)?;
        let path = blobs.join(blob(&path)?);
        let size = file_size(&path)?;
        Some(FoundModel { name, path, size, place: Place::Ollama, recent: None })
    };
    Walk::new().files(&manifests, DEPTH).into_iter().filter_map(model).collect()
}

/// The blob that is the model of a manifest, which lies at `manifest` in the store `folder`.
pub(super) fn blob_of(folder: &Path, manifest: &Path) -> Option<PathBuf> {
    let path = folder.join("blobs").join(blob(&folder.join(manifest))?);
    file_size(&path).map(|_| path)
}

fn file_size(path: &Path) -> Option<u64> {
    fs::metadata(path).ok().filter(fs::Metadata::is_file).map(|file| file.len())
}

/// The name as Ollama prints it: `llama3:8b`, `user/model:tag`, with the host in front where it is not Ollama's own.
fn name(manifest: &Path) -> Option<String> {
    let parts: Vec<_> = manifest.iter().map(|part| part.to_string_lossy()).collect();
    let [host, namespace, model, tag] = parts.as_slice() else { return None };
    let own = host == "registry.ollama.ai";
    Some(match (own, namespace.as_ref()) {
        (true, "library") => format!("{model}:{tag}"),
        (true, _) => format!("{namespace}/{model}:{tag}"),
        (false, _) => format!("{host}/{namespace}/{model}:{tag}"),
    })
}

/// The file name of the blob that a manifest names as its model. The digest has to be one: it becomes part of a path.
fn blob(manifest: &Path) -> Option<String> {
    let manifest: Manifest = serde_json::from_slice(&small_file(manifest)?).ok()?;
    let layer = manifest.layers.into_iter().find(|layer| layer.media_type == MODEL)?;
    let hex = layer.digest.strip_prefix("sha256:")?;
    let is_hash = hex.len() == 64 && hex.bytes().all(|b| b.is_ascii_hexdigit());
    is_hash.then(|| format!("sha256-{hex}"))
}

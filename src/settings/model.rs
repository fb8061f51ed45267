//! Which model, and how it is loaded and evaluated.

use std::path::PathBuf;

use serde::{Deserialize, Deserializer, Serialize};

use super::compute::{CacheType, FlashAttention, GpuLayers, WordOrNumber};
use super::invalid::Checks;
use super::{ChatTemplateText, ChatVariables, Invalid, LoraAdapter, Reasoning, RemoteCandidates, RemoteKind};
use crate::layer::layer;

/// The most sequences one context can hold here; llama.cpp's own bound is higher (256).
pub const MAX_SEQUENCES: u32 = 64;

/// The most threads ggml takes (`GGML_MAX_N_THREADS` in its ggml.h).
const MAX_THREADS: u32 = 512;

/// Requests to a server at the same time.
const MAX_PARALLEL: u32 = 256;

/// Seconds that a server may be silent.
const MAX_TIMEOUT: u32 = 86_400;

/// The largest budget of memory, in MiB.
const MAX_MIB: u32 = 1 << 20;

/// Sizes go to llama.cpp as signed 32-bit numbers.
const MAX_SIZE: u32 = i32::MAX as u32;

/// Which model, and how it is loaded and evaluated. Defaults are llama.cpp's (`common_params` in its common/common.h);
/// `sequences`, the budgets, `batch_lanes`, `tree_nodes` and `folders`, which it does not have, are ours.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[expect(clippy::struct_excessive_bools, reason = "each is a setting of its own")]
pub struct ModelSettings {
    /// The model's name ([`crate::models::ModelName`]), and once it is looked up its GGUF file; `None` is the built-in model.
    pub path: Option<PathBuf>,
    /// LoRA adapters that are added to the model's weights.
    pub lora: Vec<LoraAdapter>,
    /// Cells of the KV cache, in tokens; 0 takes the size the model was trained with.
    pub ctx_size: u32,
    /// Tokens submitted to llama.cpp in one call, 1 and above.
    pub batch_size: u32,
    /// Tokens computed together, 1 and above; llama.cpp takes at most `batch_size`.
    pub ubatch_size: u32,
    /// Layers whose weights go to the GPU.
    pub gpu_layers: GpuLayers,
    /// Threads that decode, 1 to 512; `None` chooses from the model's size.
    pub threads: Option<u32>,
    /// Threads that process the prompt, 1 to 512; `None` is as many as decode.
    pub threads_batch: Option<u32>,
    /// Data type of the keys in the KV cache.
    pub cache_type_k: CacheType,
    /// Data type of the values in the KV cache.
    pub cache_type_v: CacheType,
    /// Whether attention is computed in one fused pass.
    pub flash_attn: FlashAttention,
    /// Map the file into memory instead of reading it.
    pub mmap: bool,
    /// Lock the weights in memory so that they are not swapped out.
    pub mlock: bool,
    /// Paths that can have a KV cache at the same time, 1 to 64.
    pub sequences: u32,
    /// Memory for KV caches of their own for these paths, in MiB. They begin small and grow with the paths; where the memory
    /// does not suffice for eight of them, the paths of the screen share one cache: a path's logits can then differ in the
    /// last bits from those of the path alone.
    pub kv_budget_mib: u32,
    /// Memory for full logits of earlier steps, in MiB; what is dropped is evaluated again when looked at.
    pub logits_budget_mib: u32,
    /// Decode the newest tokens of several paths together: faster, but their logits then differ in the last bits from
    /// those of each path alone, and now and then so does a token.
    pub batch_lanes: bool,
    /// Nodes that the tree of paths may have, 1 and above; one path always fits.
    pub tree_nodes: u32,
    /// A chat template instead of the model's own.
    pub chat_template: Option<ChatTemplateText>,
    /// More variables for the chat template.
    pub chat_template_kwargs: ChatVariables,
    /// Whether the chat template is told to let the model think first (`enable_thinking`).
    pub reasoning: Reasoning,
    /// Never ask the network for a model.
    pub offline: bool,
    /// Folders with models of one's own, in which models are looked for, too.
    pub folders: Vec<PathBuf>,
    /// Which program a server is.
    pub remote_kind: RemoteKind,
    /// Which of a server's models; `None` takes the only one, or the first.
    pub remote_model: Option<String>,
    /// A GGUF file of which only the vocabulary is read, for a server that does not tell its own.
    pub remote_vocabulary: Option<PathBuf>,
    /// Likeliest tokens that a server is asked for.
    pub remote_candidates: RemoteCandidates,
    /// Requests to a server at the same time, 1 to 256; `None` is as many as it serves at a time.
    pub remote_parallel: Option<u32>,
    /// Seconds that a server may be silent, 1 to 86400.
    pub remote_timeout: u32,
}

impl Default for ModelSettings {
    fn default() -> Self {
        Self {
            path: None,
            lora: Vec::new(),
            ctx_size: 0,
            batch_size: 2048,
            ubatch_size: 512,
            gpu_layers: GpuLayers::Auto,
            threads: None,
            threads_batch: None,
            cache_type_k: CacheType::F16,
            cache_type_v: CacheType::F16,
            flash_attn: FlashAttention::Auto,
            mmap: true,
            mlock: false,
            sequences: 16,
            kv_budget_mib: 512,
            logits_budget_mib: 256,
            batch_lanes: false,
            tree_nodes: 1 << 20,
            chat_template: None,
            chat_template_kwargs: ChatVariables::default(),
            reasoning: Reasoning::Auto,
            offline: false,
            folders: Vec::new(),
            remote_kind: RemoteKind::Auto,
            remote_model: None,
            remote_vocabulary: None,
            remote_candidates: RemoteCandidates::Auto,
            remote_parallel: None,
            remote_timeout: 120,
        }
    }
}

layer! {
    /// One layer of [`ModelSettings`].
    pub struct ModelOverrides for ModelSettings {
        #[serde(deserialize_with = "text_or_none")]
        path: Option<PathBuf>,
        lora: Vec<LoraAdapter>,
        ctx_size: u32,
        batch_size: u32,
        ubatch_size: u32,
        gpu_layers: GpuLayers,
        #[serde(deserialize_with = "auto_or_count")]
        threads: Option<u32>,
        #[serde(deserialize_with = "auto_or_count")]
        threads_batch: Option<u32>,
        cache_type_k: CacheType,
        cache_type_v: CacheType,
        flash_attn: FlashAttention,
        mmap: bool,
        mlock: bool,
        sequences: u32,
        kv_budget_mib: u32,
        logits_budget_mib: u32,
        batch_lanes: bool,
        tree_nodes: u32,
        #[serde(deserialize_with = "super::chat::template_or_none")]
        chat_template: Option<ChatTemplateText>,
        chat_template_kwargs: ChatVariables,
        reasoning: Reasoning,
        offline: bool,
        folders: Vec<PathBuf>,
        remote_kind: RemoteKind,
        #[serde(deserialize_with = "name_or_none")]
        remote_model: Option<String>,
        #[serde(deserialize_with = "text_or_none")]
        remote_vocabulary: Option<PathBuf>,
        remote_candidates: RemoteCandidates,
        #[serde(deserialize_with = "auto_or_count")]
        remote_parallel: Option<u32>,
        remote_timeout: u32,
    }
}

impl ModelSettings {
    /// What the chat template is told besides the messages.
    #[must_use]
    pub fn chat_variables(&self) -> serde_json::Map<String, serde_json::Value> {
        let mut variables = self.chat_template_kwargs.0.clone();
        if self.reasoning != Reasoning::Auto {
            variables.entry("enable_thinking").or_insert((self.reasoning == Reasoning::On).into());
        }
        variables
    }

    /// Whether every value is allowed; the first that is not.
    pub fn validate(&self) -> Result<(), Invalid> {
        const SIZE: &str = "a whole number from 1 to 2147483647";
        const THREADS: &str = "a whole number from 1 to 512, or auto";
        let checks = Checks("model");
        let size = |value: u32| (1..=MAX_SIZE).contains(&value);
        let threads = |value: Option<u32>| value.is_none_or(|n| (1..=MAX_THREADS).contains(&n));
        checks.require(
            self.ctx_size <= MAX_SIZE,
            "ctx_size",
            "--ctx-size",
            self.ctx_size,
            "a whole number from 1 to 2147483647, or 0 for the size the model was trained with",
        )?;
        checks.require(size(self.batch_size), "batch_size", "--batch-size", self.batch_size, SIZE)?;
        checks.require(size(self.ubatch_size), "ubatch_size", "--ubatch-size", self.ubatch_size, SIZE)?;
        let shown = |value: Option<u32>| value.map_or_else(|| "auto".to_owned(), |n| n.to_string());
        checks.require(threads(self.threads), "threads", "--threads", shown(self.threads), THREADS)?;
        checks.require(
            threads(self.threads_batch),
            "threads_batch",
            "--threads-batch",
            shown(self.threads_batch),
            THREADS,
        )?;
        checks.require(
            (1..=MAX_SEQUENCES).contains(&self.sequences),
            "sequences",
            "--sequences",
            self.sequences,
            "a whole number from 1 to 64",
        )?;
        checks.require(
            self.kv_budget_mib <= MAX_MIB,
            "kv_budget_mib",
            "--kv-budget-mib",
            self.kv_budget_mib,
            "a whole number of MiB from 0 to 1048576",
        )?;
        checks.require(
            (1..=MAX_MIB).contains(&self.logits_budget_mib),
            "logits_budget_mib",
            "--logits-budget-mib",
            self.logits_budget_mib,
            "a whole number of MiB from 1 to 1048576",
        )?;
        checks.require(
            self.remote_parallel.is_none_or(|n| (1..=MAX_PARALLEL).contains(&n)),
            "remote_parallel",
            "--remote-parallel",
            shown(self.remote_parallel),
            "a whole number from 1 to 256, or auto",
        )?;
        checks.require(
            (1..=MAX_TIMEOUT).contains(&self.remote_timeout),
            "remote_timeout",
            "--remote-timeout",
            self.remote_timeout,
            "a whole number of seconds from 1 to 86400",
        )?;
        checks.require(size(self.tree_nodes), "tree_nodes", "--tree-nodes", self.tree_nodes, SIZE)
    }
}

/// `"auto"` for `None`, or a count.
#[expect(clippy::option_option, reason = "not given, given as none, given")]
fn auto_or_count<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Option<u32>>, D::Error> {
    deserializer
        .deserialize_any(WordOrNumber {
            expected: "\"auto\" or a whole number",
            word: |text| (text == "auto").then_some(None),
            number: |number| u32::try_from(number).ok().map(Some),
        })
        .map(Some)
}

/// A path; the empty text for `None`.
#[expect(clippy::option_option, reason = "not given, given as none, given")]
fn text_or_none<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Option<PathBuf>>, D::Error> {
    let path = PathBuf::deserialize(deserializer)?;
    Ok(Some((!path.as_os_str().is_empty()).then_some(path)))
}

/// A name; the empty text for `None`.
#[expect(clippy::option_option, reason = "not given, given as none, given")]
fn name_or_none<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Option<String>>, D::Error> {
    let name = String::deserialize(deserializer)?;
    Ok(Some((!name.is_empty()).then_some(name)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gpu_layers_as_llama_cpp_reads_them() {
        let read = |text: &str| text.parse::<GpuLayers>();
        assert_eq!(read("99"), Ok(GpuLayers::Count(99)));
        assert_eq!(read("0"), Ok(GpuLayers::Count(0)));
        assert_eq!(read("-1"), Ok(GpuLayers::Auto));
        assert_eq!(read("auto"), Ok(GpuLayers::Auto));
        assert_eq!(read("-7"), Ok(GpuLayers::All));
        assert_eq!(read("all"), Ok(GpuLayers::All));
        assert!(read("most").is_err());
        assert!(read("2147483648").is_err());
    }

    #[test]
    fn the_config_says_auto_for_what_is_chosen() {
        let given: ModelOverrides =
            toml::from_str("threads = \"auto\"\nthreads_batch = 2\npath = \"\"\ngpu_layers = \"all\"")
                .expect("valid");
        assert_eq!(given.threads, Some(None));
        assert_eq!(given.threads_batch, Some(Some(2)));
        assert_eq!(given.path, Some(None));
        assert_eq!(given.gpu_layers, Some(GpuLayers::All));
        let error = toml::from_str::<ModelOverrides>("threads = \"many\"").expect_err("no such word");
        assert!(error.message().contains("expected \"auto\" or a whole number"), "{error}");
    }

    #[test]
    fn cache_types_are_written_with_their_names() {
        for kind in CacheType::ALL {
            assert_eq!(serde_json::to_value(kind).expect("plain data"), kind.name());
        }
    }

    #[test]
    fn sizes_out_of_range_are_refused_by_name() {
        let refused = |change: fn(&mut ModelSettings)| {
            let mut settings = ModelSettings::default();
            change(&mut settings);
            settings.validate().expect_err("out of range").to_string()
        };
        assert_eq!(refused(|s| s.sequences = 0), "--sequences 0: expected a whole number from 1 to 64");
        assert_eq!(
            refused(|s| s.kv_budget_mib = u32::MAX),
            "--kv-budget-mib 4294967295: expected a whole number of MiB from 0 to 1048576"
        );
        assert!(refused(|s| s.sequences = 65).starts_with("--sequences 65:"));
        assert!(refused(|s| s.batch_size = 0).starts_with("--batch-size 0:"));
        assert!(refused(|s| s.ubatch_size = u32::MAX).starts_with("--ubatch-size 4294967295:"));
        assert!(refused(|s| s.ctx_size = u32::MAX).starts_with("--ctx-size 4294967295:"));
        assert!(refused(|s| s.threads = Some(513)).starts_with("--threads 513:"));
        assert!(refused(|s| s.threads_batch = Some(0)).starts_with("--threads-batch 0:"));
        assert!(refused(|s| s.logits_budget_mib = 0).starts_with("--logits-budget-mib 0:"));
        assert!(refused(|s| s.tree_nodes = 0).starts_with("--tree-nodes 0:"));
    }
}

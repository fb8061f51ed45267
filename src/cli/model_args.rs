//! Flags about the model, and the layer they make.

use std::{ffi::OsString, path::PathBuf};

use clap::Args;

use super::args::switch;
use super::values::{self, LoadMode, Threads};
use crate::fetch::Secret;
use crate::models::{HubName, ModelName, NameError};
use crate::settings::{
    CacheType, ChatTemplateText, ChatVariables, FlashAttention, GpuLayers, LoraAdapter, ModelOverrides,
    Reasoning, RemoteCandidates, RemoteKind,
};

/// Why the file of a repository cannot be meant.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FileOfRepository {
    /// There is no repository that it is in.
    #[error("--hf-file names a file of a repository: name that, too, with -hf USER/REPO")]
    NoRepository,
    /// It is no such file.
    #[error("--hf-file {0}")]
    Name(NameError),
}

#[derive(Clone, Debug, Default, Args)]
#[command(next_help_heading = "Model")]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of the command line")]
pub(super) struct ModelArgs {
    /// The model: a GGUF file, a folder with one in it, hf:USER/REPO[:QUANT] of the Hugging Face hub, ollama:NAME[:TAG], or the
    /// address of a server, <http://HOST:PORT> [default: the built-in model].
    #[arg(short, long, value_name = "MODEL", env = "LLAMA_ARG_MODEL", overrides_with = "hf_repo")]
    model: Option<PathBuf>,
    /// The same as -m hf:USER/REPO[:QUANT] (also -hf, -hfr): without QUANT it is `Q4_K_M`, else `Q8_0`, else the first.
    #[arg(
        hide_short_help = true,
        long,
        value_name = "USER/REPO[:QUANT]",
        env = "LLAMA_ARG_HF_REPO",
        value_parser = values::hub_name,
        overrides_with = "model"
    )]
    hf_repo: Option<HubName>,
    /// The file of that repository, in place of QUANT (also -hff).
    #[arg(hide_short_help = true, long, value_name = "FILE", env = "LLAMA_ARG_HF_FILE")]
    hf_file: Option<String>,
    /// Your token for repositories that not everybody may read (also -hft). In `HF_TOKEN` it is not seen in the list of processes.
    #[arg(hide_short_help = true, long, value_name = "TOKEN", env = "HF_TOKEN", hide_env_values = true)]
    hf_token: Option<Secret>,
    /// Never ask the network for a model: only what is on this machine is used.
    #[arg(
        hide_short_help = true,
        long,
        value_name = "WHEN",
        env = "LLAMA_ARG_OFFLINE",
        value_parser = values::on_or_off,
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = "on",
        hide_possible_values = true
    )]
    offline: Option<bool>,
    /// A folder with models of your own, in which models are looked for, too; can be given more than once.
    #[arg(hide_short_help = true, long, value_name = "FOLDER", env = "LLAMA_ARG_MODELS_DIR")]
    models_dir: Option<Vec<PathBuf>>,
    /// Which program the server of -m <http://HOST:PORT> is [default: auto, found out by asking].
    #[arg(hide_short_help = true, long, value_name = "KIND", value_parser = values::remote_kind())]
    remote_kind: Option<RemoteKind>,
    /// Which of the server's models [default: the first].
    #[arg(hide_short_help = true, long, value_name = "NAME")]
    remote_model: Option<String>,
    /// A GGUF file of the same model, of which only the vocabulary is read, for a server that does not tell its own.
    #[arg(hide_short_help = true, long, value_name = "FILE")]
    remote_vocabulary: Option<PathBuf>,
    /// Likeliest tokens that the server is asked for: a number, or all for the whole vocabulary
    /// [default: auto, all of a small vocabulary, else 100 or as many as it gives].
    #[arg(hide_short_help = true, long, value_name = "N", allow_negative_numbers = true)]
    remote_candidates: Option<RemoteCandidates>,
    /// Requests to the server at the same time, 1 to 256 [default: auto, as many as it serves at a time].
    #[arg(hide_short_help = true, long, value_name = "N", value_parser = values::auto_or_count, allow_negative_numbers = true)]
    remote_parallel: Option<Threads>,
    /// Seconds that the server may be silent [default: 120].
    #[arg(hide_short_help = true, long, value_name = "SECONDS", allow_negative_numbers = true)]
    remote_timeout: Option<u32>,
    /// Context size in tokens, rounded up to a multiple of 256 as llama.cpp does; 0 for the size the model was trained with
    /// [default: 0].
    #[arg(short, long, value_name = "N", env = "LLAMA_ARG_CTX_SIZE", allow_negative_numbers = true)]
    ctx_size: Option<u32>,
    /// Layers to put on the GPU (also -ngl): a number, auto or all [default: auto].
    #[arg(
        long,
        value_name = "N",
        visible_alias = "n-gpu-layers",
        env = "LLAMA_ARG_N_GPU_LAYERS",
        allow_negative_numbers = true
    )]
    gpu_layers: Option<GpuLayers>,
    /// Threads for decoding [default: chosen from the model's size].
    #[arg(
        short,
        long,
        value_name = "N",
        env = "LLAMA_ARG_THREADS",
        value_parser = values::threads,
        allow_negative_numbers = true
    )]
    threads: Option<Threads>,
    /// Threads for reading the prompt (also -tb) [default: as many as for decoding].
    #[arg(hide_short_help = true, long, value_name = "N", value_parser = values::threads, allow_negative_numbers = true)]
    threads_batch: Option<Threads>,
    /// Tokens submitted to llama.cpp in one call [default: 2048].
    #[arg(
        hide_short_help = true,
        short,
        long,
        value_name = "N",
        env = "LLAMA_ARG_BATCH",
        allow_negative_numbers = true
    )]
    batch_size: Option<u32>,
    /// Tokens computed in one pass (also -ub) [default: 512].
    #[arg(
        hide_short_help = true,
        long,
        value_name = "N",
        env = "LLAMA_ARG_UBATCH",
        allow_negative_numbers = true
    )]
    ubatch_size: Option<u32>,
    /// Data type of the keys in the KV cache (also -ctk) [default: f16].
    #[arg(hide_short_help = true, long,
        value_name = "TYPE",
        env = "LLAMA_ARG_CACHE_TYPE_K",
        value_parser = values::cache_type()
    )]
    cache_type_k: Option<CacheType>,
    /// Data type of the values in the KV cache (also -ctv) [default: f16].
    #[arg(hide_short_help = true, long,
        value_name = "TYPE",
        env = "LLAMA_ARG_CACHE_TYPE_V",
        value_parser = values::cache_type()
    )]
    cache_type_v: Option<CacheType>,
    /// LoRA adapters in GGUF files, several with commas; a scale follows its file after a colon [default: 1].
    #[arg(hide_short_help = true, long, value_name = "FILE[:SCALE]", value_delimiter = ',')]
    lora: Option<Vec<OsString>>,
    /// The same, each with its scale.
    #[arg(
        hide_short_help = true,
        long,
        value_name = "FILE:SCALE",
        value_delimiter = ',',
        value_parser = LoraAdapter::scaled
    )]
    lora_scaled: Option<Vec<LoraAdapter>>,
    /// Flash attention (also -fa): on, off or auto [default: auto].
    #[arg(
        hide_short_help = true,
        long,
        value_name = "WHEN",
        env = "LLAMA_ARG_FLASH_ATTN",
        allow_negative_numbers = true
    )]
    flash_attn: Option<FlashAttention>,
    /// How the file is read (also -lm): auto, none, mmap, mlock or mmap+mlock [default: auto].
    #[arg(hide_short_help = true, long, value_name = "MODE", env = "LLAMA_ARG_LOAD_MODE", value_parser = values::load_mode)]
    load_mode: Option<LoadMode>,
    /// Map the file into memory: the default.
    #[arg(long, hide = true, overrides_with = "no_mmap")]
    mmap: bool,
    /// Read the file instead of mapping it into memory.
    #[arg(hide_short_help = true, long, overrides_with = "mmap")]
    no_mmap: bool,
    /// Lock the weights in memory so that they are not swapped out.
    #[arg(hide_short_help = true, long)]
    mlock: bool,
    /// Paths that can have a KV cache at the same time, 1 to 64 [default: 16].
    #[arg(hide_short_help = true, long, value_name = "N", allow_negative_numbers = true)]
    sequences: Option<u32>,
    /// Memory for giving each of these paths its own KV cache, in MiB; if it is not enough, they share one [default: 512].
    #[arg(hide_short_help = true, long, value_name = "MIB", allow_negative_numbers = true)]
    kv_budget_mib: Option<u32>,
    /// Memory for the full logits of earlier steps, in MiB [default: 256].
    #[arg(hide_short_help = true, long, value_name = "MIB", allow_negative_numbers = true)]
    logits_budget_mib: Option<u32>,
    /// Decode the newest tokens of several paths in one batch: faster, but a path's tokens can then differ from those of the
    /// same path run alone.
    #[arg(hide_short_help = true, long)]
    batch_lanes: bool,
    /// Largest number of nodes in the tree of paths [default: 1048576].
    #[arg(hide_short_help = true, long, value_name = "N", allow_negative_numbers = true)]
    tree_nodes: Option<u32>,
    /// A chat template instead of the model's own: Jinja, or the name of one that is built into llama.cpp (chatml, llama3,
    /// gemma …).
    #[arg(
        hide_short_help = true,
        long,
        value_name = "NAME|TEXT",
        env = "LLAMA_ARG_CHAT_TEMPLATE",
        value_parser = values::chat_template,
        allow_hyphen_values = true,
        overrides_with = "chat_template_file",
        help_heading = "Prompt"
    )]
    chat_template: Option<ChatTemplateText>,
    /// A file that holds such a template in Jinja.
    #[arg(
        hide_short_help = true,
        long,
        value_name = "FILE",
        env = "LLAMA_ARG_CHAT_TEMPLATE_FILE",
        value_parser = values::chat_template_file,
        overrides_with = "chat_template",
        help_heading = "Prompt"
    )]
    chat_template_file: Option<ChatTemplateText>,
    /// More variables for the chat template.
    #[arg(
        help = "More variables for the chat template, as in '{\"enable_thinking\": false}'",
        hide_short_help = true,
        long,
        value_name = "JSON",
        env = "LLAMA_ARG_CHAT_TEMPLATE_KWARGS",
        value_parser = values::chat_variables,
        help_heading = "Prompt"
    )]
    chat_template_kwargs: Option<ChatVariables>,
    /// Whether the chat template lets the model think before it answers (also -rea): on, off or auto [default: auto, which
    /// most templates read as on].
    #[arg(
        hide_short_help = true,
        long,
        value_name = "WHEN",
        env = "LLAMA_ARG_REASONING",
        overrides_with = "reasoning_budget",
        allow_negative_numbers = true,
        help_heading = "Prompt"
    )]
    reasoning: Option<Reasoning>,
    /// Tokens to think at most: 0 is --reasoning off, -1 is no limit; other limits cannot be kept here [default: -1].
    #[arg(
        hide_short_help = true,
        long,
        value_name = "N",
        env = "LLAMA_ARG_THINK_BUDGET",
        value_parser = values::reasoning_budget,
        overrides_with = "reasoning",
        allow_negative_numbers = true,
        help_heading = "Prompt"
    )]
    reasoning_budget: Option<Reasoning>,
}

impl ModelArgs {
    /// The micro-batch that was asked for: for llama.cpp's diffusion tool the length of the canvas.
    pub fn ubatch_size(&self) -> Option<u32> {
        self.ubatch_size
    }

    /// The token that was given.
    pub fn hf_token(&self) -> Option<Secret> {
        self.hf_token.clone()
    }

    /// Whether a repository is named.
    pub fn has_repository(&self) -> bool {
        self.hf_repo.is_some()
    }

    /// The file of a repository goes with the repository of the same layer, or of the one `below`.
    pub fn with_repository_of(&mut self, below: &Self) -> Result<(), FileOfRepository> {
        let Some(file) = self.hf_file.take() else { return Ok(()) };
        let repository = self.hf_repo.take().or_else(|| below.hf_repo.clone());
        let repository = repository.ok_or(FileOfRepository::NoRepository)?;
        self.hf_repo = Some(repository.with_file(&file).map_err(FileOfRepository::Name)?);
        Ok(())
    }

    /// The adapters; None where none is named.
    fn lora(&self) -> Option<Vec<LoraAdapter>> {
        let plain = self.lora.iter().flatten().map(|text| LoraAdapter::given(text));
        let all: Vec<_> = plain.chain(self.lora_scaled.iter().flatten().cloned()).collect();
        (!all.is_empty()).then_some(all)
    }

    pub fn overrides(&self) -> ModelOverrides {
        let mode = self.load_mode;
        let repository =
            self.hf_repo.as_ref().map(|name| PathBuf::from(ModelName::Hub(name.clone()).to_string()));
        ModelOverrides {
            path: repository.or_else(|| self.model.clone()).map(Some),
            lora: self.lora(),
            ctx_size: self.ctx_size,
            batch_size: self.batch_size,
            ubatch_size: self.ubatch_size,
            gpu_layers: self.gpu_layers,
            threads: self.threads.map(|threads| threads.0),
            threads_batch: self.threads_batch.map(|threads| threads.0),
            cache_type_k: self.cache_type_k,
            cache_type_v: self.cache_type_v,
            flash_attn: self.flash_attn,
            mmap: switch(self.mmap, self.no_mmap).or(mode.map(|mode| mode.mmap)),
            mlock: switch(self.mlock, false).or(mode.map(|mode| mode.mlock)),
            sequences: self.sequences,
            kv_budget_mib: self.kv_budget_mib,
            logits_budget_mib: self.logits_budget_mib,
            batch_lanes: switch(self.batch_lanes, false),
            tree_nodes: self.tree_nodes,
            chat_template: self.chat_template.clone().or_else(|| self.chat_template_file.clone()).map(Some),
            chat_template_kwargs: self.chat_template_kwargs.clone(),
            reasoning: self.reasoning.or(self.reasoning_budget),
            offline: self.offline,
            folders: self.models_dir.clone(),
            remote_kind: self.remote_kind,
            remote_model: self.remote_model.clone().map(Some),
            remote_vocabulary: self.remote_vocabulary.clone().map(Some),
            remote_candidates: self.remote_candidates,
            remote_parallel: self.remote_parallel.map(|count| count.0),
            remote_timeout: self.remote_timeout,
        }
    }
}

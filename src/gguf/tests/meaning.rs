//! Files that are sound GGUF and no model to generate with, or one with impossible numbers.

use super::{
    accepted, refused,
    writer::{Gguf, Val},
};
use crate::gguf::{Masking, Memory};

#[test]
fn other_kinds_of_file() {
    refused(
        |file| {
            file.set("general.type", Val::Str("adapter"));
            file.set("adapter.type", Val::Str("lora"));
        },
        "this is an adapter (\"lora\"), not a model; name the model it was made for",
    );
    refused(
        |file| file.set("general.type", Val::Str("imatrix")),
        "this is an importance matrix for quantising a model, not a model; name the model",
    );
    refused(
        |file| file.set("general.type", Val::Str("mmproj")),
        "this is the image or audio encoder of a multimodal model (mmproj), not the language model; name that file",
    );
    refused(
        |file| file.architecture("controlvector"),
        "this is an adapter (a control vector), not a model; name the model it was made for",
    );
    refused(
        |file| file.tensors.clear(),
        "this file has a vocabulary but no weights (it is meant for testing tokenizers); get the whole model",
    );
}

#[test]
fn architectures() {
    refused(
        |file| file.remove("general.architecture"),
        "the metadata key general.architecture is missing; the model is incomplete, convert it again",
    );
    refused(
        |file| file.set("general.architecture", Val::U32(1)),
        "general.architecture is of type u32, and llama.cpp reads str there; convert the model again",
    );
    refused(
        |file| file.architecture("bert"),
        "its architecture is bert: it is an embedding model or encoder and generates no text; get a text generation model",
    );
    refused(
        |file| file.architecture("llama9"),
        "its architecture is \"llama9\", which this build of llama.cpp does not know; get another model, or a newer \
         logitscope",
    );
    refused(
        |file| file.set("llama.pooling_type", Val::U32(3)),
        "llama.pooling_type says that the model is for embeddings or ranking, not for generating text; get a text \
         generation model",
    );
    refused(
        |file| file.set("llama.attention.causal", Val::Bool(false)),
        "llama.attention.causal says that the model is for embeddings or ranking, not for generating text; get a text \
         generation model",
    );
}

#[test]
fn memory_follows_the_architecture() {
    assert_eq!(accepted(|_| ()).memory, Memory::Attention);
    let mamba = accepted(|file| {
        file.architecture("mamba");
        file.remove("mamba.attention.head_count");
    });
    assert_eq!(
        (mamba.memory, mamba.is_recurrent(), mamba.kv_elements_per_token()),
        (Memory::Recurrent, true, 0)
    );
    let hybrid = accepted(|file| {
        file.architecture("jamba");
        file.set("jamba.block_count", Val::U32(2));
        file.set("jamba.ssm.inner_size", Val::U32(64));
        file.set("jamba.attention.head_count_kv", Val::U32s(vec![0, 1]));
    });
    assert_eq!((hybrid.memory, &hybrid.head_count_kv), (Memory::Hybrid, &vec![0, 1]));
    assert_eq!(hybrid.kv_elements_per_token(), 16 + 16);
}

/// A file made into one of a diffusion architecture, whose mask is token 2.
fn diffusion(file: &mut Gguf, architecture: &'static str) {
    file.architecture(architecture);
    file.set(&format!("{architecture}.attention.causal"), Val::Bool(false));
    file.set("tokenizer.ggml.mask_token_id", Val::U32(2));
}

#[test]
fn diffusion_models_say_how_they_mask() {
    for architecture in ["llada", "dream"] {
        let model = accepted(|file| diffusion(file, architecture));
        let masking = Masking { mask_token: 2, shift_logits: true };
        assert_eq!((model.memory, model.masking, model.is_recurrent()), (Memory::None, Some(masking), false));
    }
    let own_rows = accepted(|file| {
        diffusion(file, "llada");
        file.set("diffusion.shift_logits", Val::Bool(false));
    });
    assert_eq!(own_rows.masking.map(|masking| masking.shift_logits), Some(false));
    assert_eq!(accepted(|_| ()).masking, None);
    refused(
        |file| {
            diffusion(file, "llada");
            file.remove("tokenizer.ggml.mask_token_id");
        },
        "the metadata key tokenizer.ggml.mask_token_id is missing; this is not a whole model, convert it again",
    );
    refused(
        |file| {
            diffusion(file, "llada");
            file.set("tokenizer.ggml.mask_token_id", Val::U32(3));
        },
        "tokenizer.ggml.mask_token_id is 3, and the vocabulary has 3 tokens; convert the model again",
    );
    refused(
        |file| diffusion(file, "rnd1"),
        "rnd1.expert_count is 0, and must be at least 1 for a rnd1 model; the file is damaged or was converted wrongly",
    );
    refused(
        |file| {
            diffusion(file, "dream");
            file.set("dream.rope.dimension_count", Val::U32(8));
        },
        "dream.rope.dimension_count is 8, and must be 16, the key length, in a dream model; the file is damaged or was \
         converted wrongly",
    );
}

/// A model with `key` set to `value` is refused because `key` is `found` and not `expected`.
#[track_caller]
fn bad_value(key: &str, value: Val, found: &str, expected: &str) {
    refused(
        |file| file.set(key, value),
        &format!("{key} is {found}, and must be {expected}; the file is damaged or was converted wrongly"),
    );
}

#[test]
fn shapes_llama_cpp_asserts_on() {
    bad_value("llama.block_count", Val::U32(0), "0", "1 to 512");
    bad_value("llama.block_count", Val::U32(100_000), "100000", "1 to 512");
    bad_value("llama.nextn_predict_layers", Val::U32(1), "1", "less than 1, the number of blocks");
    bad_value("llama.context_length", Val::U32(0), "0", "1 to 2147483647");
    bad_value("llama.embedding_length", Val::U32(0), "0", "1 to 1048576");
    bad_value("llama.attention.head_count", Val::U32(0), "0", "at least 1");
    bad_value("llama.attention.head_count", Val::U32(33), "33", "at most 32, the width");
    bad_value("llama.attention.head_count_kv", Val::U32(3), "3", "a divisor of 2, the number of heads");
    bad_value(
        "llama.attention.head_count",
        Val::U32s(vec![2, 2]),
        "an array of 2 numbers",
        "one number or 1, one for each block",
    );
    bad_value("llama.attention.head_count", Val::I32s(vec![-1]), "-1", "0 or more");
    bad_value("llama.attention.key_length", Val::U32(0), "0", "1 to 1048576");
    bad_value("llama.attention.value_length", Val::U32(8), "8", "16, the key length, in a llama model");
    bad_value("llama.rope.dimension_count", Val::U32(8), "8", "16, the key length, in a llama model");
    bad_value(
        "llama.rope.scaling.type",
        Val::Str("su\u{7}"),
        "\"su\\u{7}\"",
        "none, linear, yarn or longrope",
    );
    bad_value("llama.rope.freq_base", Val::F32(f32::NAN), "NaN", "a finite number");
    let epsilon = "llama.attention.layer_norm_rms_epsilon";
    bad_value(epsilon, Val::F32(-1e-5), "-0.00001", "0 or more");
    bad_value(epsilon, Val::F32(f32::INFINITY), "inf", "0 or more");
    refused(
        |file| file.remove("llama.block_count"),
        "the metadata key llama.block_count is missing; the model is incomplete, convert it again",
    );
    refused(
        |file| file.set("llama.context_length", Val::I32(64)),
        "llama.context_length is of type i32, and llama.cpp reads u32 there; convert the model again",
    );
    refused(
        |file| file.set("llama.attention.head_count", Val::Strs(vec![b"2".to_vec()])),
        "llama.attention.head_count is of type arr[str], and llama.cpp reads u32 or arr[u32] there; convert the model \
         again",
    );
    refused(
        |file| {
            file.architecture("granitehybrid");
            file.set("granitehybrid.ssm.inner_size", Val::U32(32));
        },
        "granitehybrid.ssm.inner_size is 32, and must be 64, twice the width; the file is damaged or was converted \
         wrongly",
    );
}

/// A model with these numbers of experts is refused because `key` is `found` and not `expected`.
#[track_caller]
fn bad_experts(numbers: &[(&str, u32)], key: &str, found: u32, expected: &str) {
    refused(
        |file| {
            for &(name, number) in numbers {
                file.set(&format!("llama.{name}"), Val::U32(number));
            }
        },
        &format!(
            "llama.{key} is {found}, and must be {expected}; the file is damaged or was converted wrongly"
        ),
    );
}

#[test]
fn experts_llama_cpp_asserts_on() {
    const COUNT: &str = "expert_count";
    const USED: &str = "expert_used_count";
    const GROUPS: &str = "expert_group_count";
    const GROUPS_USED: &str = "expert_group_used_count";
    bad_experts(&[(COUNT, 1025)], COUNT, 1025, "at most 1024");
    bad_experts(&[(COUNT, 8)], USED, 0, "at least 1, as there are 8 experts");
    bad_experts(&[(COUNT, 8), (USED, 9)], USED, 9, "at most 8, the number of experts");
    bad_experts(&[(USED, 2)], USED, 2, "at most 0, the number of experts");
    let eight_with = |more: (&'static str, u32)| [(COUNT, 8), (USED, 2), more, (GROUPS_USED, 4)];
    bad_experts(&eight_with((GROUPS, 8)), GROUPS, 8, "less than 8, the number of experts");
    bad_experts(&eight_with((GROUPS, 3)), GROUPS, 3, "a divisor of 8, the number of experts");
    bad_experts(&eight_with((GROUPS, 4)), GROUPS_USED, 4, "1 to 3");
    let model = accepted(|file| {
        file.set("llama.expert_count", Val::U32(8));
        file.set("llama.expert_used_count", Val::U32s(vec![2]));
    });
    assert_eq!(model.architecture, "llama");
    refused(
        |file| file.architecture("glm4moe"),
        "glm4moe.expert_count is 0, and must be at least 1 for a glm4moe model; the file is damaged or was converted \
         wrongly",
    );
}

#[test]
fn tensors_that_do_not_fit_the_metadata() {
    let embedding = |shape: [u64; 2]| {
        move |file: &mut Gguf| {
            file.tensors.clear();
            file.tensor("token_embd.weight", &shape, 0, shape[0] * shape[1] * 4);
        }
    };
    refused(
        embedding([32, 4]),
        "token_embd.weight is 32 x 4, and the metadata says width 32 and 3 tokens; convert the model again",
    );
    refused(
        embedding([64, 3]),
        "token_embd.weight is 64 x 3, and the metadata says width 32 and 3 tokens; convert the model again",
    );
    refused(
        |file| file.tensors[0].name = b"output.weight".to_vec(),
        "the tensor token_embd.weight is missing; the model is incomplete, download it again",
    );
    refused(
        |file| file.tensor("rope_freqs.weight", &[8], 1, 16),
        "tensor rope_freqs.weight is stored as F16, and llama.cpp needs F32 there; convert the model again",
    );
}

#[test]
fn what_a_model_says_about_itself() {
    let model = accepted(|file| {
        file.set("general.name", Val::Str("Tiny"));
        file.set("general.file_type", Val::U32(15));
        file.set("llama.attention.sliding_window", Val::U32(16));
        file.set("tokenizer.chat_template.tool_use", Val::Str("{{ tools }}"));
        file.set("tokenizer.chat_template", Val::Str("{{ messages }}"));
        file.set("general.sampling.temp", Val::F32(0.6));
        file.set("general.sampling.top_k", Val::I32(20));
        file.set("general.sampling.sequence", Val::Str("top_k;temperature"));
    });
    assert_eq!(model.name.as_deref(), Some("Tiny"));
    assert_eq!(model.quantisation, Some("Q4_K_M"));
    assert_eq!((model.block_count, model.context_length, model.embedding_length), (1, 64, 32));
    assert_eq!((model.head_count, model.head_count_kv), (vec![2], vec![2]));
    assert_eq!((model.key_length, model.value_length, model.vocabulary_size), (16, 16, 3));
    assert_eq!(model.sliding_window, Some(16));
    let names: Vec<_> = model.chat_templates.iter().map(|template| template.name.as_deref()).collect();
    assert_eq!(names, [None, Some("tool_use")]);
    assert_eq!(model.sampling.temperature, Some(0.6));
    assert_eq!(model.sampling.top_k, Some(20));
    assert_eq!(model.sampling.samplers, Some(vec!["top_k".into(), "temperature".into()]));
    assert!(!model.sampling.is_empty());
    assert!(accepted(|_| ()).sampling.is_empty());
}

//! Flags that take a value, so that a value is never read as a flag: `-p "--temp 2"` is a prompt.

/// Flags of llama.cpp's tools with one value, from its common/arg.cpp. Not among them are `--color`, `--flash-attn` and
/// `--log-colors`: earlier versions had them without one, and none of their values begins with a dash.
const LLAMA_CPP: &str = "
    -a --adaptive-decay --adaptive-target --alias --api-key --api-key-file --api-prefix --attention --audio -b
    --batch-size -bf --binary-file -C -c --cache-ram --cache-reuse --cache-type-k --cache-type-k-draft
    --cache-type-v --cache-type-v-draft -Cb -Cbd -Cd --chat-template --chat-template-file --chat-template-kwargs
    --checkpoint-min-step --chunk --chunk-separator --chunk-size --chunks --cls-separator -cms --context-file
    --control-vector --control-vector-scaled --cors-headers --cors-methods --cors-origins --cpu-mask
    --cpu-mask-batch --cpu-mask-batch-draft --cpu-mask-draft --cpu-range --cpu-range-batch --cpu-range-batch-draft
    --cpu-range-draft --cpu-strict --cpu-strict-batch --cpu-strict-batch-draft --cpu-strict-draft -Cr -cram -Crb
    -Crbd -Crd -ctk -ctkd -ctv -ctvd --ctx-checkpoints --ctx-size -ctxcp -decay-epochs --defrag-thold -dev -devd
    --device --device-draft --diffusion-add-gumbel-noise --diffusion-alg-temp --diffusion-algorithm
    --diffusion-block-length --diffusion-cfg-scale --diffusion-eps --diffusion-steps --docker-repo -dr --draft
    --draft-max --draft-min --draft-n --draft-n-min --draft-p-min --draft-p-split --dry-allowed-length --dry-base
    --dry-multiplier --dry-penalty-last-n --dry-sequence-breaker -dt --dynatemp-exp --dynatemp-range
    --embd-normalize --embd-output-format --embd-separator --epochs -epochs -f --file --fit -fit --fit-ctx
    --fit-print --fit-target -fitc -fitp -fitt --frequency-penalty --from-chunk -gan -gaw --gpu-layers
    --gpu-layers-draft --grammar --grammar-file --grp-attn-n --grp-attn-w --hellaswag-tasks -hf --hf-file --hf-repo
    --hf-repo-draft --hf-token -hfd -hff -hfr -hfrd -hft --host --image --image-max-tokens --image-min-tokens
    --in-file --in-prefix --in-suffix -j -jf --json-schema --json-schema-file --junk --keep --kl-divergence-base
    --kv-unified-per-slot -l --lazy-mode -lcd -lcs --learning-rate --learning-rate-decay-epochs --learning-rate-min
    -lm --load-mode --log-file --log-prompts-dir --log-verbosity --logit-bias --logits-output-dir
    --lookup-cache-dynamic --lookup-cache-static --lora --lora-scaled -lr -lr-min -lv -lzm -m --main-gpu
    --mcp-servers-config --mcp-servers-json -md --media-path --method -mg --min-p --mirostat --mirostat-ent
    --mirostat-lr -mm --mmproj --mmproj-url -mmu --model --model-draft --model-url --models-dir --models-max
    --models-preset --mtmd-batch-max-tokens -mu --multiple-choice-tasks -n --n-cpu-ffn --n-cpu-moe --n-cpu-moe-draft
    --n-gpu-layers --n-gpu-layers-draft --n-predict -ncffn -ncmoe -ncmoed --negative-file -ngl -ngld -np -npl -npp
    -ns -ntg --numa -o -ofreq -opt --optimizer -ot -otd --output --output-file --output-format --output-frequency
    --override-kv --override-tensor --override-tensor-draft -p --parallel --path --pca-batch --pca-iter --poll
    --poll-batch --poll-batch-draft --poll-draft --pooling --port --pos --positive-file --ppl-output-type
    --ppl-stride --predict --presence-penalty --print-token-count --prio --prio-batch --prio-batch-draft
    --prio-draft --prompt --prompt-cache -ptc -r -rea --reasoning --reasoning-budget --reasoning-budget-message
    --reasoning-effort --reasoning-format --repeat-last-n --repeat-penalty --reverse-prompt --rope-freq-base
    --rope-freq-scale --rope-scale --rope-scaling --rpc -s --sampler-seq --samplers --sampling-seq --save-all-logits
    --save-frequency --seed --sequences --server-base --sleep-idle-seconds --slot-prompt-similarity --slot-save-path
    -sm --spec-draft-cpu-mask --spec-draft-cpu-mask-batch --spec-draft-cpu-range --spec-draft-cpu-range-batch
    --spec-draft-cpu-strict --spec-draft-cpu-strict-batch --spec-draft-device --spec-draft-hf --spec-draft-model
    --spec-draft-n-cpu-moe --spec-draft-n-max --spec-draft-n-min --spec-draft-ncmoe --spec-draft-ngl
    --spec-draft-override-tensor --spec-draft-p-min --spec-draft-p-split --spec-draft-poll --spec-draft-poll-batch
    --spec-draft-prio --spec-draft-prio-batch --spec-draft-sampling --spec-draft-threads --spec-draft-threads-batch
    --spec-draft-type-k --spec-draft-type-v --spec-ngram-map-k-min-hits --spec-ngram-map-k-size-m
    --spec-ngram-map-k-size-n --spec-ngram-map-k4v-min-hits --spec-ngram-map-k4v-size-m --spec-ngram-map-k4v-size-n
    --spec-ngram-min-hits --spec-ngram-mod-n-match --spec-ngram-mod-n-max --spec-ngram-mod-n-min
    --spec-ngram-simple-min-hits --spec-ngram-simple-size-m --spec-ngram-simple-size-n --spec-ngram-size-m
    --spec-ngram-size-n --spec-synth-len --spec-synth-rates --spec-type --split-mode -sps --sse-ping-interval
    --ssl-cert-file --ssl-key-file --swa-checkpoints -sys -sysf --system-prompt --system-prompt-file -t --tags -tb
    -tbd -td --temp --temperature --tensor-filter --tensor-split --threads --threads-batch --threads-batch-draft
    --threads-draft --threads-http --timeout -to --tools --tools-runtime --top-k --top-n-sigma --top-nsigma --top-p
    -ts --tts-lang --tts-speaker-file --typical --typical-p -ub --ubatch-size --ui-config --ui-config-file
    --val-split -val-split --verbosity --video --video-ffmpeg-dir --video-fps --video-timestamp-interval -wd
    --webui-config --webui-config-file --weight-decay --winogrande-tasks --xtc-probability --xtc-threshold
    --yarn-attn-factor --yarn-beta-fast --yarn-beta-slow --yarn-ext-factor --yarn-orig-ctx
";

/// Flags of this program that llama.cpp does not have.
const OWN: &str = "
    --against --candidates --chunk --color-by --colour-by --config --depth --diffusion-length --diffusion-remask --diffusion-threshold
    --diffusion-tokens --early-stop --end-chart --html --infill --kv-budget-mib --lane --length-penalty
    --lang --lesson --logits-budget-mib --max-time --messages --preset --prompts --remote-candidates --remote-kind --remote-model --remote-parallel --remote-timeout --remote-vocabulary --repeats --seeds --sort --speed --stop --stop-entropy-above
    --stop-entropy-below --stop-lines --stop-loop --stop-loop-tokens --stop-regex --stop-sentences
    --stop-top-prob-above --stop-top-prob-below --surprises --sweep --sweep-steps --system --theme --top --tree-nodes
    --width
";

/// Words that belong to a flag and follow it.
pub(super) fn values_of(flag: &str) -> usize {
    // The only one with two.
    if flag == "--control-vector-layer-range" {
        return 2;
    }
    let mut known = LLAMA_CPP.split_whitespace().chain(OWN.split_whitespace());
    usize::from(known.any(|other| other == flag))
}

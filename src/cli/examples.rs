//! What help shows at its end: commands that can be pasted, each with what it does.

pub(super) const EXAMPLES: &str = "Examples:
  logitscope
      step through the built-in model
  logitscope -m model.gguf -p 'The capital of France is' --temp 0
      your own model, always the most likely token
  logitscope -hf ggml-org/gemma-3-1b-it-GGUF
      a model of the Hugging Face hub, fetched if it is not on this machine yet
  logitscope -m model.gguf --chat -p 'Why is the sky blue?' --system 'Be brief.'
      the prompt in the model's chat template
  logitscope run -p 'Once upon a time' -n 64 --seed 42
      without a screen: the text goes to standard output
  logitscope run -p 'Once upon a time' -n 64 --json --top 5 > run.jsonl
      every step's numbers, as JSON lines
  logitscope score -f story.txt
      how likely the model finds each token of a text, and its perplexity";

pub(super) const COMPARE_EXAMPLES: &str = "Examples:
  logitscope compare -p 'Once upon a time' -n 64 --seed 1 --sweep temp=0:2:0.4
      one text for each temperature, with the same random numbers
  logitscope compare -p 'Once upon a time' --lane 'temp=0.2 name=cool' --lane preset=creative --html report.html
      two settings, and a web page with the coloured texts
  logitscope compare --prompts prompts.txt lanes.toml
      every setting on every prompt, as a table
  logitscope compare -p 'Once upon a time' -n 32 --seeds 64
      where 64 seeds diverge, and how they end
  logitscope beam -p 'Once upon a time' -n 32 --width 4
      the likeliest text that four beams find";

pub(super) const DIFFUSE_EXAMPLES: &str = "Examples:
  logitscope diffuse -p 'Once upon a time' --diffusion-steps 16 --seed 1
      a text in 16 passes, and what the storyteller says of it
  logitscope diffuse --infill 'The ___ sat on the ___.' --temp 0
      gaps filled in view of both sides
  logitscope diffuse -p 'One day, a little' --seed 1 --sweep-steps 1,2,4,8,16,32
      few steps are fast and err, many are slow and do not
  logitscope diffuse -p 'One day, a little' --diffusion-block-length 16 --json > steps.jsonl
      what opened at each step, with its probability and score";

pub(super) const COST_EXAMPLES: &str = "Examples:
  logitscope cost
      what a token of the built-in model costs on this machine
  logitscope cost -m model.gguf -n 32 --repeats 5
      the same of your own model, on a text of 32 tokens
  logitscope cost -m model.gguf --computed
      memory of weights and KV cache, without measuring anything
  logitscope cost --json > cost.jsonl
      all figures, one object a subject";

pub(super) const SPECULATE_EXAMPLES: &str = "Examples:
  logitscope speculate -p 'Once upon a time' -n 64 --seed 1 --against plain
      the built-in pair: how much is accepted, and whether it is faster here
  logitscope speculate -p 'Once upon a time' -n 64 --spec-draft-sampling probabilistic --spec-draft-n-max 5
      accept with min(1, p/q), drafts of five tokens
  logitscope speculate -m model.gguf -f text.txt --spec-type ngram-simple --spec-ngram-simple-size-n 3
      what the text itself has said before, without a second model
  logitscope speculate -m large.gguf -md small.gguf -p 'Why is the sky blue?' --chat --json > rounds.jsonl
      a line a round with every drafted token's p, q, u and verdict";

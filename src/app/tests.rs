//! What a person does and what the state then shows, on the scripted evaluator.

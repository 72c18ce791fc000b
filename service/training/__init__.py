"""labelled pages -> the model's artefact. Nothing here is needed at run time."""

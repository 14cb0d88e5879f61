"""One module for each family of formats that language models take.

`claude`, `openai`, `gemini`, `bedrock` and `cohere` each turn a SearchResponse
into what the model or its SDK takes, and back, and read the citations of an
answer; `footnote.citations` verifies these. Everything is plain dictionaries:
the SDKs are not needed, and their objects are taken too.
"""

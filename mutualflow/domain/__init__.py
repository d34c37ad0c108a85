"""The pure core: values and a moment go in, values or a refusal come out."""

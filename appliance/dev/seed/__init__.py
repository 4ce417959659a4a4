"""`safevoice dev seed`: a believable community to look at, with eight months of talk."""

"""What the listing verbs list: each module finds its objects (`find`) and lays them out (`show`)."""

"""What could be gained by cheating: simulated attacks on a population, scored by the engine that scores everybody."""

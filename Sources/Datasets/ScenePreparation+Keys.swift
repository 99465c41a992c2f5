import Kernel

extension ScenePreparation: DocumentedKeys {
  package static let keyDescriptions: KeyValuePairs = [
    "quantity":
      "What the scenes measure: rate, atmosphere, height, coherence or phase-std; null: rate.",
    "wavelengthMeters":
      "Of the sensor, 0.001 to 10 m: turns phases into delays, and errors into phases; null: refused.",
    "harmonisation":
      "Brings all scenes to a common amplitude: {percentile: 99.5, toRateCMPerYear: 25}; null: off.",
    "displacementYears":
      "Displacements are divided by this number of years, 0.0001 to 1000; null: they are refused.",
    "halves": "split trains on the left half and holds out the right half.",
    "minimumSize":
      "Scenes with a shorter side are enlarged by a whole factor, 1 to 65536 pixels; null: none.",
    "upsampling":
      "Factors of single scenes, 1 to 16, such as {etna: 2}; stronger than minimumSize.",
  ]
}

extension ScenePreparation.Harmonization: DocumentedKeys {
  package static let keyDescriptions: KeyValuePairs = [
    "percentile": "Percentile of |rate - median| that is scaled, above 0, up to 100.",
    "toRateCMPerYear": "Rate in cm/yr that it becomes, 1e-6 to 1e6.",
  ]
}

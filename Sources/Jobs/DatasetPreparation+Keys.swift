import Kernel
import Settings

extension DatasetPreparation: Validatable, DocumentedKeys {
  package func faults() -> [String] { preparation.faults() }

  package static let keyDescriptions: KeyValuePairs = [
    "reading": "How all files are read; null leaves it to the file.",
    "preparation": "What is done to all scenes, in this order.",
    "units":
      "Units of single scenes, such as {etna: mm/yr}: m/yr, cm/yr, mm/yr, m, cm or mm.",
    "signs": "Signs of single scenes, such as {etna: positive away from the satellite}.",
    "licences": "Licenses of single scenes for the manifest, such as {etna: CC-BY-4.0}.",
    "holdOut": "Names of scenes that are kept out of training, such as [etna].",
  ]
}

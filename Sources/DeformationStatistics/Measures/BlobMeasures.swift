extension PatchMeasure {
  static let blobs = PatchMeasure(
    "blobsPerPatch", name: "Blobs", unit: "a patch",
    explanation: { settings, _ in
      "Connected areas faster than \(settings.threshold), of \(settings.minimumBlobAreaPixels) pixels "
        + "or more."
    }, value: { Double($0.blobs.count) })

  static let blobArea = PatchMeasure(
    "blobAreaPixels", name: "Blob area", unit: "pixels", decimals: 0,
    explanation: { _, _ in "Mean area of a blob." },
    value: { $0.blobs.reduce(0.0) { $0 + Double($1.areaPixels) } },
    weight: { Double($0.blobs.count) })

  static let blobPeak = PatchMeasure(
    "blobPeakCMPerYear", name: "Blob peak", unit: "cm/yr",
    explanation: { _, _ in "Mean largest rate in a blob." },
    value: { $0.blobs.reduce(0.0) { $0 + Double(abs($1.peakCMPerYear)) } },
    weight: { Double($0.blobs.count) })
}

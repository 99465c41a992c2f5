/// The registry of random streams: one name with one fixed number for each purpose.
///
/// A generator is made from a seed and one of these names (`CounterRandom`, and `RandomGenerator`
/// of LibTorch), so two purposes never share random numbers, in one command or across commands with
/// the same seed. Indices after the name distinguish the samples, dates or patches of one purpose.
/// The numbers define the results of a seed: a new purpose gets a new number, and no number is
/// changed or reused.
public enum RandomStream: UInt64, Sendable, CaseIterable {
  /// The number of times that the results of seeds have changed. Jobs and checkpoints record it, so
  /// that numbers of two editions are not mixed unnoticed. Raise it when a purpose draws other
  /// numbers than before.
  public static let edition = 2

  // MARK: Training

  /// Latents, CutMix and augmentation; index: the iteration.
  case trainingIteration = 1
  /// Latents of the preview images.
  case snapshotLatents = 2
  /// Latents for the calibration of batch norm.
  case calibrationLatents = 3
  /// Latents of the samples that are evaluated during training.
  case judgedLatents = 4
  /// Initial values of both networks.
  case initialWeights = 5
  /// Training patches; index: the patch.
  case trainingPatches = 6
  /// The real patches that samples are compared with during training; index: the patch.
  case judgePatches = 7

  /// Initial values of a phase network.
  case phaseNetworkWeights = 100
  /// Which samples of a dataset a phase network is trained on, and how they are turned; index: the
  /// sample.
  case phaseNetworkSamples = 101
  /// Initial values of a field model's networks.
  case fieldWeights = 160
  /// Labels, latents and noise of a field model's training; index: the iteration.
  case fieldTraining = 161
  /// Patches whose statistics are a field model's table of labels; index: the patch.
  case fieldTablePatches = 162
  /// Labels, latents and noise for the calibration of a field model's batch norm.
  case fieldCalibration = 163
  /// Windows of measured maps that a network learns to clean; indices: the window, the set.
  case atmosphereWindows = 150

  // MARK: Estimation

  /// Simulated annealing of a pixel's rate and height error; index: a hash of its phases.
  case rateAnnealing = 102

  // MARK: Generated maps, and sets to evaluate

  /// Latents of generated maps; index: the map.
  case generatedLatents = 0x6c61_7465_6e74  // "latent"
  /// Latents of a field model's base map; indices: the map, the grid's row and column.
  case fieldBaseGrid = 70
  /// Latents of a field model's detail; indices: the map, the grid's row and column.
  case fieldDetailGrid = 71
  /// White noise of a field model's base map; indices: the map, the row, the run of columns.
  case fieldBaseNoise = 77
  /// White noise of a field model's detail; indices: the map, the row, the run of columns.
  case fieldDetailNoise = 78
  /// Styles of a field model's networks; indices: the map, 0 for the base and 1 for the detail.
  case fieldStyle = 72
  /// The training patch whose statistics a map of a field model has; index: the map.
  case fieldLabels = 73
  /// The same for a region of a map with several; indices: the map, the region's row and column.
  case fieldRegions = 74
  /// Styles of regions; indices: the map, the region's row and column.
  case fieldRegionStyles = 75
  /// The course of borders between regions; indices: the map, row and column of a place.
  case fieldRegionBorders = 76
  /// Real patches beside generated maps on a contact sheet; index: the patch.
  case sheetPatches = 8
  /// Real patches of `evaluate` and `patches`; index: the patch.
  case evaluationPatches = 0x7061_7463_68  // "patch"
  /// Windows of the maps in folders; index: the window.
  case mapWindows = 0x6d61_7077_696e  // "mapwin"
  /// Windows of real maps that the studio shows; index: the window.
  case studioWindows = 0x7374_7564_696f  // "studio"

  // MARK: Evaluation

  /// The samples for each point of the line of FID infinity; indices: the point, the set.
  case fidInfinityLine = 0x7375_6273  // "subs"
  /// The samples for the intervals of feature metrics; indices: the draw, the set.
  case metricIntervals = 9
  /// The samples for the interval of FID infinity; indices: the draw, the set.
  case fidInfinityIntervals = 10
  /// The samples for each point of the lines of those draws; indices: the draw, the point, the set.
  case fidInfinityIntervalLines = 11
  /// Resampled patches of deformation statistics; indices: the statistic, the resample.
  case bootstrapResamples = 0x424f_4f54  // "BOOT"
  /// Jitter of a t-SNE's first layout; index: the point.
  case tsneLayout = 0x5453_4e45  // "TSNE"
  /// The initial basis of the iteration for principal components.
  case principalBasis = 0x50_4341  // "PCA"

  // MARK: Simulated scenes

  /// Everything that a preset draws for a scene, including the seeds of the following streams;
  /// index: the scene.
  case simulatedScene = 20
  /// The white noise of a power-law texture.
  case powerLawTexture = 21
  /// The white noise of a covariance texture.
  case covarianceTexture = 22
  /// Gradients of Perlin noise over an image; index: the octave.
  case perlinNoise = 23
  /// Gradients of smooth noise over the ground; index: the octave.
  case smoothNoise = 24
  /// Centers and values of block noise; index: east, north, value.
  case blockNoise = 25
  /// Seeds of a domain warp's two components; index: east, north.
  case domainWarp = 26
  /// Stripes of the DeepInSAR preset's amplitude.
  case amplitudeStripes = 27
  /// Noise of the DeepInSAR preset's two images.
  case imageNoise = 28
  /// Noise of the Wu presets' looks.
  case lookNoise = 29

  /// The order in which sequential simulation visits pixels.
  case simulationPath = 97

  // MARK: Interferograms

  /// The seeds of a composition's stacks after the first; index: the rate map.
  case stackSeeds = 0x57ac
  /// Perpendicular baselines of a network.
  case stackBaselines = 40
  /// The height error of a stack.
  case stackDEMError = 41
  /// Turbulence in a stack; index: the day.
  case stackTurbulence = 42
  /// Stratification in a stack; index: the day.
  case stackStratification = 43
  /// Orbital ramps in a stack; index: the day.
  case stackOrbitalRamp = 44
  /// Decorrelation noise that belongs to a date; index: the day.
  case stackDateNoise = 45
  /// Decorrelation noise that belongs to a pair; indices: the two days.
  case stackPairNoise = 46
  /// Interval and baseline of a machine-learning sample; index: the sample.
  case sampleParameters = 47
  /// The height error of a sample; index: the sample.
  case sampleDEMError = 48
  /// Turbulence in a sample; indices: the sample, the date.
  case sampleTurbulence = 49
  /// Stratification in a sample; indices: the sample, the date.
  case sampleStratification = 50
  /// Orbital ramps in a sample; indices: the sample, the date.
  case sampleOrbitalRamp = 51
  /// Decorrelation noise in a sample; index: the sample.
  case sampleNoise = 52
  /// The strength of turbulence on a date of a stack; index: the day.
  case stackTurbulenceStrength = 80
  /// Ground cover and texture of a stack's coherence; index: the field.
  case stackCoherence = 81
  /// The crop of a given DEM that a stack uses.
  case stackHeightCrop = 82
  /// The synthetic heights of a stack.
  case stackHeights = 83
  /// The map, and the crop of it, that a stack's coherence comes from.
  case stackCoherenceCrop = 84
  /// The strength of turbulence on a date of a sample; indices: the sample, the date.
  case sampleTurbulenceStrength = 85
  /// Ground cover and texture of a sample's coherence; indices: the sample, the field.
  case sampleCoherence = 86
  /// Settings that are drawn for a sample; indices: the sample, the hash of the key.
  case sampleSituation = 90
  /// The window of a rate map that a sample shows; index: the sample.
  case sampleWindow = 91
  /// The seed of a sample's stack; index: the sample.
  case sampleSeeds = 92
  /// The map, the crop of it and its orientation that a date's delay comes from; index: the day.
  case stackAtmosphereCrop = 110
  /// The map, and the crop of it, that a stack's heights come from, where there are several maps.
  case stackHeightMap = 111
  /// Seeds of the maps that models of components draw; index: the component.
  case componentMaps = 112
  /// Where a sample has no data; indices: the sample, the cause.
  case sampleMask = 93
  /// The reference pixel of a sample; index: the sample.
  case sampleReference = 94
  /// The division of rate maps into parts for training, validation and test; index: the map.
  case datasetSplit = 95
  /// Which patches of measured and of made interferograms are shown, and in which order.
  case comparedPatches = 96
  /// Weights of the network that tells patches from real ones; seed: the fold.
  case patchClassifier = 98
  /// The order and the parts of its training samples; seed: the fold.
  case patchClassifierOrder = 99
  /// Point sources of rate maps for benchmarks; index: the map.
  case pointSources = 53

  // MARK: Around the program

  /// Initial weights of a network that are replaced by the weights of a file.
  case placeholderWeights = 62
  /// Inputs of benchmarks.
  case benchmarkInput = 60
  /// Inputs of tests.
  case testInput = 61
}

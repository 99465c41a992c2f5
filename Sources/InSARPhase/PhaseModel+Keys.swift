import Kernel

// What the keys of the phase's components mean, for templates and the pages made from them.

extension PhaseModel: DocumentedKeys {
  package static let keyDescriptions: KeyValuePairs = [
    "components": "What the phase is the sum of; a component that is not listed is zero.",
    "heightError": "True height minus DEM height, drawn at random where no map is given.",
    "turbulence": "Turbulent atmosphere, drawn for each date.",
    "stratification":
      "Atmospheric delay that depends on height: \(OptionName.dem), or synthetic heights.",
    "orbitalRamp": "Ramp of orbit errors, drawn for each date.",
    "decorrelation": "Coherence of open ground, and the noise that follows from coherence.",
    "coherence": "Ground cover, which makes coherence differ from place to place.",
    "goldstein":
      "Filter of the wrapped phase; its result is written beside the unfiltered phase.",
  ]
}

extension Turbulence: DocumentedKeys {
  package static let keyDescriptions: KeyValuePairs = [
    "rmsDifferenceMeters":
      "Rms difference of one date's line-of-sight delay over distanceMeters, 0 m or more.",
    "distanceMeters": "The distance between two points in m, 100 or more.",
    "deviationMeters":
      "Instead: standard deviation of one date's delay over a scene of any size in m; null: not given.",
    "seasonalFraction":
      "How much stronger turbulence is at the peak of the season than on average, 0 to 1.",
    "peakDayOfYear": "Day of the year with the strongest turbulence, 1 to 366.",
    "dateLogDeviation":
      "Standard deviation of the natural logarithm of a date's strength, 0 (all alike) to 2.",
    "spectrum": "Power spectrum of the delay; the default is Hanssen's three regimes.",
    "mapAmplitude":
      "Maps of \(OptionName.atmosphere): kept as they are, or scaled to the difference above; null: kept.",
  ]
}

extension CoherenceScene: DocumentedKeys {
  package static let keyDescriptions: KeyValuePairs = [
    "source":
      "uniform: decorrelation alone. drawn: ground cover too, unless \(OptionName.coherence) is given.",
    "vegetation": "Forest and crops, which decorrelate fast.",
    "urban": "Built-up land, which stays coherent.",
    "water": "Lakes and sea, without coherence.",
    "growthPeakDayOfYear": "Day of the year on which vegetation decorrelates fastest, 1 to 366.",
    "textureDeviation":
      "Standard deviation of the texture t, which changes a coherence g by t g (1 - g), 0 to 1.",
    "textureMeters": "Size of the largest structures of the texture in m, above 0.",
    "usesSlopes":
      "With heights: no coherence in layover and shadow, shorter critical baselines on slopes.",
  ]
}

extension GroundCover: DocumentedKeys {
  package static let keyDescriptions: KeyValuePairs = [
    "fraction": "Fraction of the scene, 0 to 1; what all covers leave is open ground.",
    "bodyMeters": "Size of typical bodies in m, above 0.",
    "edgeMeters": "Width in m over which a body passes into its surroundings, 0 or more.",
    "initialCoherence": "Coherence at 0 days, 0 to 1.",
    "finalCoherence": "Coherence of very long intervals, 0 to initialCoherence.",
    "decayDays": "Days after which the difference of the two has fallen to 1/e, above 0.",
    "seasonalFraction":
      "How much faster it falls on growthPeakDayOfYear than on average, 0 to 1.",
  ]
}

extension GoldsteinFilter: DocumentedKeys {
  package static let keyDescriptions: KeyValuePairs = [
    "alpha": "Exponent of the filter, 0 (none) to 2; usual: 0.4 to 1.",
    "windowPixels": "Rows and columns of a window: 8, 16, 32, 64 or 128.",
    "windowSteps": "Windows begin every windowPixels / windowSteps pixels: 2, 4 or 8.",
  ]
}

extension PhaseModel.DEMError: DocumentedKeys {
  package static let keyDescriptions: KeyValuePairs = [
    "deviationMeters": "Standard deviation over a large area in m, 0 or more.",
    "spectrum": "Power spectrum of the height errors.",
  ]
}

extension TurbulenceSpectrum: DocumentedKeys {
  package static let keyDescriptions: KeyValuePairs = [
    "slopes2D":
      "Exponents of the two-dimensional power spectrum from long to short wavelengths, each 0 to 8.",
    "cornerWavelengthsMeters":
      "Wavelengths in m where one slope gives way to the next, longest first; one fewer than slopes.",
    "outerScaleMeters": "Wavelength in m above which the spectrum is flat, above 0.",
    "anisotropyRatio": "How many times longer structures are along elongationDegrees, 1 to 100.",
    "elongationDegrees": "Direction in which structures are long, degrees clockwise from north.",
  ]
}

extension Stratification: DocumentedKeys {
  package static let keyDescriptions: KeyValuePairs = [
    "law": "Delay against height.",
    "meanRadiansPerKilometer": "linear: mean slope in rad/km.",
    "seasonalRadiansPerKilometer":
      "linear: slope above its mean on peakDayOfYear, and below half a year later, in rad/km.",
    "peakDayOfYear": "linear: day of the year with the steepest slope, 1 to 366.",
    "deviationRadiansPerKilometer": "linear: standard deviation of the slope in rad/km, 0 or more.",
    "scale": "power_law: scale of the Laplace-distributed factor in rad/m^exponent, 0 or more.",
    "topMeters": "power_law: height in m at which the delay vanishes, above 0.",
    "topDeviationMeters": "power_law: standard deviation of that height in m, 0 or more.",
    "exponent": "power_law: mean exponent, above 0.",
    "exponentDeviation": "power_law: standard deviation of the exponent, 0 or more.",
  ]
}

extension OrbitalRamp: DocumentedKeys {
  package static let keyDescriptions: KeyValuePairs = [
    "shape": "Plane, or surface of second degree.",
    "gradientRadiansPerKilometer":
      "Standard deviation of one date's gradient to the east and to the north in rad/km, 0 or more.",
    "deviationRadians":
      "Instead: standard deviation between opposite edges of any scene in rad; null: not given.",
    "quadraticDeviationRadians":
      "quadratic: standard deviation of the coefficients of second degree in rad, 0 or more.",
  ]
}

extension Decorrelation: DocumentedKeys {
  package static let keyDescriptions: KeyValuePairs = [
    "looks": "Independent looks that are averaged, 1 to 10000, not necessarily whole.",
    "initialCoherence": "Coherence at 0 days, 0 to 1.",
    "finalCoherence": "Coherence of very long intervals, 0 to initialCoherence.",
    "decayDays": "Days after which the difference of the two has fallen to 1/e, above 0.",
    "consistency":
      "per_date: each date has its own noise, so that phases close around triangles.",
  ]
}

extension SyntheticHeights: DocumentedKeys {
  package static let keyDescriptions: KeyValuePairs = [
    "rmsDifferenceMeters":
      "Rms difference of height over distanceMeters, 0 m or more: 20 for hills, 150 for mountains.",
    "distanceMeters": "The distance between two points in m, 100 or more.",
    "slope2D": "Exponent of the two-dimensional power spectrum, 0 to 8.",
    "outerScaleMeters": "Wavelength in m above which the spectrum is flat, above 0.",
  ]
}

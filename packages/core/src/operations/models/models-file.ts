import { ModelsFile } from '../../contract/models-file.ts';
import { loadJsonFile } from '../../files/index.ts';

/** The list of models. @throws InvalidInputError naming every field that is wrong */
export const loadModels = (file: string): ModelsFile =>
  loadJsonFile(file, ModelsFile, 'Restore config/models.json from the repository, or mend the fields named');

import type { Config, Documents } from '@vivarium/core';
import { fileDocuments } from '@vivarium/storage-files';

/** The documents that ship with an installation, the authored residents among them. */
export const startersOf = ({ installation }: Pick<Config, 'installation'>): Documents => fileDocuments(installation);

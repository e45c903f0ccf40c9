import {
  Coffee,
  Gavel,
  Landmark,
  Lightbulb,
  type LucideIcon,
  Mail,
  Map as MapIcon,
  MessagesSquare,
  Mountain,
  Wrench,
} from 'lucide-react';
import { own } from '../../../../src/world/words.ts';

const ICONS: Readonly<Record<string, LucideIcon>> = {
  town_hall: Landmark,
  watercooler: Coffee,
  improvements: Wrench,
  struggles: Mountain,
  discoveries: Lightbulb,
  project_war_room: MapIcon,
  human_async: Mail,
};

/** What stands for a room. */
export const iconOf = (id: string): LucideIcon => own(ICONS, id) ?? (id.startsWith('dispute_') ? Gavel : MessagesSquare);
